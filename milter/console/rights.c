#include <string.h>

#include "console/rights.h"

#define L SG_ROLE_LEAD
#define D SG_ROLE_DEPUTY
#define H SG_ROLE_HEAD
#define P SG_ROLE_DPO
#define I SG_ROLE_IT
#define G SG_ROLE_GOVERNOR

static const struct {
	const char *pattern, *method;
	guint	    roles;
} rights[] = {
	{ "/",			  "GET",  SG_ROLE_ALL	},
	{ "/help",		  "GET",  SG_ROLE_ANYBODY },
	{ "/wellbeing",		  "GET",  SG_ROLE_ANYBODY },
	{ "/accessibility",	  "GET",  SG_ROLE_ANYBODY },
	{ "/privacy",		  "GET",  SG_ROLE_ANYBODY },
	{ "/me",		  "GET",  SG_ROLE_ALL	},
	{ "/hide",		  "POST", SG_ROLE_ALL	},
	{ "/sign-in",		"GET",  SG_ROLE_ANYBODY },
	{ "/sign-in",		"POST", SG_ROLE_ANYBODY },
	{ "/sign-in/code",	"GET",  SG_ROLE_ANYBODY },
	{ "/sign-in/code",	"POST", SG_ROLE_ANYBODY },
	{ "/sign-in/recovery",	"GET",  SG_ROLE_ANYBODY },
	{ "/sign-in/recovery",	"POST", SG_ROLE_ANYBODY },
	{ "/sign-out",		"POST", SG_ROLE_ANYBODY },
	{ "/hide",		"GET",  SG_ROLE_ANYBODY },
	{ "/first-use",		"GET",  SG_ROLE_ANYBODY },
	{ "/first-use",		"POST", SG_ROLE_ANYBODY },
	{ "/first-use/password",	"GET",  SG_ROLE_ANYBODY },
	{ "/first-use/password",	"POST", SG_ROLE_ANYBODY },
	{ "/first-use/code",	"GET",  SG_ROLE_ANYBODY },
	{ "/first-use/code",	"POST", SG_ROLE_ANYBODY },
	{ "/first-use/key.svg",	"GET",  SG_ROLE_ANYBODY },
	{ "/me/settings",	"POST", SG_ROLE_ALL },
	{ "/me/password",	"GET",  SG_ROLE_ALL },
	{ "/me/password",	"POST", SG_ROLE_ALL },
	{ "/me/codes",		"GET",  SG_ROLE_ALL },
	{ "/me/codes",		"POST", SG_ROLE_ALL },
	{ "/me/codes/new",	"GET",  SG_ROLE_ALL },
	{ "/me/codes/new",	"POST", SG_ROLE_ALL },
	{ "/me/session/ID",	"POST", SG_ROLE_ALL },
	{ "/me/sessions",	"POST", SG_ROLE_ALL },
	{ "/users",		"GET",  I | H | L },
	{ "/users",		"POST", I },
	{ "/user/ID",		"GET",  I | H | L },
	{ "/user/ID/role",	"POST", I | H },
	{ "/user/ID/mail",	"POST", I },
	{ "/user/ID/link",	"POST", I },
	{ "/user/ID/reset",	"POST", I },
	{ "/user/ID/disable",	"POST", I },
	{ "/user/ID/enable",	"POST", I },
	{ "/user/ID/sessions",	"POST", I },
	{ "/user/ID/answer",	"POST", I | H | L },
	{ "/queue",		  "GET",  L | D | H | P },
	{ "/queue/count",	  "GET",  L | D | H | P },
	{ "/message/REF",	  "GET",  L | D | H | P },
	{ "/message/REF/reveal",  "POST", L | D | H | P },
	{ "/message/REF/hide",	  "POST", L | D | H | P },
	{ "/message/REF/decide",  "POST", L | D | H | P },
	{ "/message/REF/undo",	  "POST", L | D | H | P },
	{ "/message/REF/take",	  "POST", L | D | H | P },
	{ "/message/REF/pass",	  "POST", L | D | H | P },
	{ "/message/REF/seal",	  "POST", L | D | H | P },
	{ "/message/REF/settle",  "POST", L | D | H | P },
	{ "/message/REF/pass",	  "GET",  L | D | H | P },
	{ "/message/REF/picture/ID", "GET", L | D | H | P },
	{ "/message/REF/told",	  "GET",  L | D | H	},
	{ "/message/REF/told",	  "POST", L | D | H	},
	{ "/message/REF/unseal",  "GET",  L | D | H	},
	{ "/message/REF/unseal",  "POST", L | D | H	},
	{ "/queue/bulk",	  "POST", L | D		},
	{ "/cover",		  "GET",  L | D | H	},
	{ "/cover",		  "POST", L		},
	{ "/cover/ID",		  "POST", L		},
	{ "/contacts",		  "GET",  L | D | H | I },
	{ "/confirm/ID",	  "GET",  SG_ROLE_ANYBODY },
	{ "/confirm/ID",	  "POST", SG_ROLE_ANYBODY },
	{ "/search",		  "GET",  L | D | H | I },
	{ "/audit",		  "GET",  L | H | G	},
	{ "/audit/verify",	  "POST", L | H | G | I },
	{ "/reports",		  "GET",  L | D | H | G },
	{ "/report/disclaimers",  "GET",  L | D | H | I | G },
	{ "/health",		  "GET",  L | I		},
	{ "/metrics",		  "GET",  I		},
};

static const guint asked_first[] = { L, I, H, G, D, P };

guint
sg_rights(const char *pattern, const char *method)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rights); i++)
		if (strcmp(rights[i].pattern, pattern) == 0 &&
		    strcmp(rights[i].method, method) == 0)
			return rights[i].roles;
	return 0;
}

const char *
sg_rights_ask(const char *pattern, const char *method)
{
	guint roles = sg_rights(pattern, method);

	for (gsize i = 0; i < G_N_ELEMENTS(asked_first); i++)
		if ((roles & asked_first[i]) != 0)
			return sg_role_label((SgRole)asked_first[i]);
	return "your administrator";
}
