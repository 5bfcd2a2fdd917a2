/*
 * mailfile - what the commands that work on mail files share: the file, its envelope, and
 * a scanner with a policy to ask.
 */
#ifndef SG_CTL_MAILFILE_H
#define SG_CTL_MAILFILE_H

#include "ctl/scanner.h"
#include "decide/decide.h"

/* "-" is standard input.  wire: as a mail server would hand it over (envelope.h), else
 * byte for byte. */
GBytes	  *sg_mailfile_read(const char *name, gboolean wire, GError **error);
/* With the envelope of --from and --to, or of the header where those are missing. */
SgMessage *sg_mailfile_message(const SgCtl *c, GBytes *mail);

typedef struct SgWorkshop {
	SgScanner *scanner;
	SgPolicy  *policy;
} SgWorkshop;

typedef struct SgWorkshopAsk {
	const char *const *rules;	/* directories; NULL: those of the configuration */
	guint		   workers;	/* messages at a time */
} SgWorkshopAsk;

/* As --config, --policy and --domain say; ask NULL: and as --rules says, one at a time. */
gboolean   sg_workshop_open(SgCtl *c, const SgWorkshopAsk *ask, SgWorkshop *w, GError **error);
void	   sg_workshop_close(SgWorkshop *w);
/* Asked every few seconds while the scanner works; data is the SgCtl. */
gboolean   sg_workshop_goes_on(gpointer data);

#endif
