#include <string.h>

#include "tpl/place.h"

void
sg_place_start(SgPlace *p)
{
	*p = (SgPlace){ .at = SG_AT_TEXT };
}

static gboolean
one_of(const char *name, const char *const *list)
{
	return g_strv_contains(list, name);
}

static gboolean
is_raw(const char *tag)
{
	static const char *const raw[] = { "script", "style", "xmp", "iframe", "noembed", "noframes",
	    "noscript", "plaintext", NULL };

	return one_of(tag, raw);
}

static gboolean
is_plain(const char *tag)
{
	static const char *const plain[] = { "title", "textarea", NULL };

	return one_of(tag, plain);
}

static gboolean
is_address(const char *attribute)
{
	static const char *const addresses[] = { "href", "src", "action", "formaction", "poster",
	    "cite", "data", "srcset", "imagesrcset", "ping", "xlink:href", "manifest", "longdesc",
	    "background", "codebase", "archive", "classid", "profile", "icon", "usemap", NULL };

	return one_of(attribute, addresses);
}

/* Tags of which any attribute may become an address or a script. */
static gboolean
is_dangerous(const char *tag)
{
	static const char *const tags[] = { "meta", "base", "object", "embed", "applet", "param",
	    "set", "animate", "animatetransform", "animatemotion", "iframe", "frame", NULL };

	return one_of(tag, tags);
}

static const char *
push(char name[SG_PLACE_NAME], char c)
{
	gsize n = strlen(name);

	if (n + 1 >= SG_PLACE_NAME)
		return "a name is too long";
	name[n] = g_ascii_tolower(c);
	name[n + 1] = '\0';
	return NULL;
}

static void
end_tag(SgPlace *p)
{
	if (!p->closing && is_raw(p->tag))
		p->at = SG_AT_RAW;
	else if (!p->closing && is_plain(p->tag))
		p->at = SG_AT_PLAIN;
	else
		p->at = SG_AT_TEXT;
}

static const char *
open_tag(SgPlace *p, char c)
{
	if (c == '!' && !p->closing)
		p->at = SG_AT_DECLARATION;
	else if (c == '/' && !p->closing)
		p->closing = TRUE;
	else if (g_ascii_isalpha(c)) {
		p->at = SG_AT_NAME;
		return push(p->tag, c);
	} else
		return "'<' without a tag: write &lt;";
	return NULL;
}

static const char *
in_tag(SgPlace *p, char c)
{
	if (c == '>')
		end_tag(p);
	else if (g_ascii_isspace(c) || c == '/')
		p->at = SG_AT_TAG;
	else if (p->at == SG_AT_TAG && g_ascii_isalpha(c)) {
		if (p->closing)
			return "an end tag with attributes";
		p->at = SG_AT_ATTRIBUTE;
		p->attribute[0] = '\0';
		return push(p->attribute, c);
	} else
		return p->at == SG_AT_TAG_END ? "a name that could go on after a section: put a space"
					      : "a character that does not belong into a tag";
	return NULL;
}

static const char *
in_name(SgPlace *p, char c)
{
	if (g_ascii_isalnum(c) || c == '-')
		return push(p->tag, c);
	return in_tag(p, c);
}

static const char *
check_attribute(const SgPlace *p)
{
	if (strncmp(p->attribute, "on", 2) == 0)
		return "an event handler: the content policy forbids it";
	if (strcmp(p->attribute, "style") == 0 || strcmp(p->attribute, "srcdoc") == 0)
		return "style or srcdoc: the content policy forbids it";
	return NULL;
}

static const char *
in_attribute(SgPlace *p, char c)
{
	if (g_ascii_isalnum(c) || strchr("-_:.", c) != NULL)
		return push(p->attribute, c);
	if (check_attribute(p) != NULL)
		return check_attribute(p);
	if (c != '=')
		return in_tag(p, c);
	p->at = SG_AT_EQUALS;
	return NULL;
}

static const char *
in_equals(SgPlace *p, char c)
{
	if (c != '"' && c != '\'')
		return "an attribute without quotes";
	p->quote = c;
	p->at = SG_AT_VALUE;
	p->url = is_address(p->attribute) ? SG_URL_EMPTY : SG_URL_NONE;
	return NULL;
}

/* "/" and then "/" or "\" is the name of another server. */
static const char *
in_value(SgPlace *p, char c)
{
	if (c == p->quote) {
		p->at = SG_AT_TAG;
		p->url = SG_URL_NONE;
	} else if (p->url == SG_URL_EMPTY && c == '/')
		p->url = SG_URL_SLASH;
	else if (p->url == SG_URL_EMPTY && (c == '?' || c == '#'))
		p->url = SG_URL_OURS;
	else if (p->url == SG_URL_EMPTY)
		return "an address that does not begin with / ? or #";
	else if ((p->url == SG_URL_SLASH || p->url == SG_URL_OPEN) &&
		 (c == '/' || c == '\\' || g_ascii_isspace(c)))
		return "an address that may be another server's";
	else if (p->url != SG_URL_NONE)
		p->url = SG_URL_OURS;
	return NULL;
}

static const char *
in_text(SgPlace *p, char c)
{
	if (c != '<')
		return NULL;
	p->at = SG_AT_OPEN;
	p->closing = FALSE;
	p->tag[0] = '\0';
	return NULL;
}

/* Nothing but its own end may follow in script and style; title and textarea hold text. */
static const char *
in_raw(SgPlace *p, char c, const char *rest, gsize left)
{
	gsize n = strlen(p->tag);

	if (c == '<') {
		if (left < n + 3 || rest[1] != '/' || g_ascii_strncasecmp(rest + 2, p->tag, n) != 0)
			return "a tag where only text may stand";
		return in_text(p, c);
	}
	if (p->at == SG_AT_RAW && !g_ascii_isspace(c))
		return "a script or style in the page: the content policy forbids it";
	return NULL;
}

static const char *
step(SgPlace *p, char c, const char *rest, gsize left)
{
	switch (p->at) {
	case SG_AT_TEXT:
		return in_text(p, c);
	case SG_AT_OPEN:
		return open_tag(p, c);
	case SG_AT_NAME:
		return in_name(p, c);
	case SG_AT_TAG:
	case SG_AT_TAG_END:
		return in_tag(p, c);
	case SG_AT_ATTRIBUTE:
		return in_attribute(p, c);
	case SG_AT_EQUALS:
		return in_equals(p, c);
	case SG_AT_VALUE:
		return in_value(p, c);
	case SG_AT_DECLARATION:
		if (c == '-' || c == '[')
			return "a comment: write {{! note}}";
		p->at = c == '>' ? SG_AT_TEXT : SG_AT_DECLARATION;
		return NULL;
	case SG_AT_RAW:
	case SG_AT_PLAIN:
		return in_raw(p, c, rest, left);
	}
	return "a place nobody knows";
}

const char *
sg_place_feed(SgPlace *p, const char *text, gsize len)
{
	const char *why = NULL;

	for (gsize i = 0; i < len && why == NULL; i++)
		why = step(p, text[i], text + i, len - i);
	return why;
}

static const char *
value_in_attribute(SgPlace *p, SgEscape *how)
{
	if (is_dangerous(p->tag))
		return "a value in a tag that can lead elsewhere";
	if (p->url == SG_URL_NONE)
		return NULL;
	if (p->url == SG_URL_EMPTY)
		return "an address must begin with a literal / ? or #";
	if (p->url == SG_URL_SLASH)
		p->url = SG_URL_OPEN;
	*how = SG_ESCAPE_URL;
	return NULL;
}

const char *
sg_place_value(SgPlace *p, SgEscape *how)
{
	*how = SG_ESCAPE_TEXT;
	switch (p->at) {
	case SG_AT_TEXT:
	case SG_AT_PLAIN:
		return NULL;
	case SG_AT_VALUE:
		return value_in_attribute(p, how);
	case SG_AT_EQUALS:
		return "a value in an attribute without quotes";
	case SG_AT_RAW:
		return "a value in a script or style";
	case SG_AT_DECLARATION:
		return "a value in a comment";
	case SG_AT_OPEN:
	case SG_AT_NAME:
	case SG_AT_TAG:
	case SG_AT_TAG_END:
	case SG_AT_ATTRIBUTE:
		break;
	}
	return "a value in the name of a tag or attribute";
}

static gboolean
is_in_tag(const SgPlace *p)
{
	return p->at == SG_AT_NAME || p->at == SG_AT_TAG || p->at == SG_AT_TAG_END ||
	       p->at == SG_AT_ATTRIBUTE;
}

const char *
sg_place_section(SgPlace *p)
{
	if (p->at == SG_AT_OPEN || p->at == SG_AT_EQUALS || p->at == SG_AT_DECLARATION ||
	    p->at == SG_AT_RAW)
		return "a section that begins in the middle of a tag";
	if (p->at == SG_AT_ATTRIBUTE && check_attribute(p) != NULL)
		return check_attribute(p);
	if (is_in_tag(p) && p->at != SG_AT_TAG)
		p->at = SG_AT_TAG_END;
	return NULL;
}

const char *
sg_place_join(SgPlace *p, const SgPlace *begun)
{
	gboolean same = p->at == begun->at;
	const char *why = sg_place_section(p);

	if (why != NULL)
		return why;
	if (is_in_tag(p) && is_in_tag(begun)) {
		if (strcmp(p->tag, begun->tag) != 0 || p->closing != begun->closing)
			return "a section that begins and ends in different tags";
		if (p->at != begun->at)
			p->at = SG_AT_TAG_END;
		return NULL;
	}
	if (!same || (p->at == SG_AT_VALUE &&
	    (p->quote != begun->quote || strcmp(p->attribute, begun->attribute) != 0)))
		return "a section that begins and ends in different places of the HTML";
	if (p->at != SG_AT_TEXT && strcmp(p->tag, begun->tag) != 0)
		return "a section that begins and ends in different places of the HTML";
	if (p->url != begun->url)
		return "a section without which the address does not begin with / ? or #";
	return NULL;
}

const char *
sg_place_cut(const SgPlace *p)
{
	return p->at == SG_AT_TEXT ? NULL : "it is inside a tag here";
}
