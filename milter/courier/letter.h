/*
 * letter - which words an alert or a notice has, who gets it, and whether it may go.
 *
 * From an incident only facts go in: reference, label of the reason, class of the sender,
 * direction, times, titles of rules (for personal data).  Never text, subject, names of
 * files, people or addresses: SgIncident does not hold the first three, and nothing here
 * reads the others.  To add a mail or a value: texts.h; a reason not to send one: a line
 * in sg_letter_fate().
 */
#ifndef SG_COURIER_LETTER_H
#define SG_COURIER_LETTER_H

#include "courier/office.h"

/* The template's real name: "returned" is for a pupil or for staff; NULL: there is none. */
const char *sg_letter_template(const SgSetup *s, const SgMailJob *j, const SgIncident *i);
gboolean    sg_letter_is_held_notice(const char *template);
gboolean    sg_letter_is_alert(const char *template);	/* that a message waits */
gboolean    sg_letter_is_urgent(const char *template);
gboolean    sg_letter_is_first(const char *template);	/* an alert, and no reminder */

/* To whom an alert goes: the role's contacts but those who are party to the message (NULL: none);
 * when nobody is left, the next role.  Empty: nobody at all. */
GPtrArray  *sg_letter_contacts(const SgSetup *s, const char *role, const SgIncident *i);

/* While somebody stands in for a lead, the deputies are told together with the lead. */
void	    sg_letter_cover(const SgSetup *s, SgStore *store, const char *role, const SgIncident *i, gint64 now,
		GPtrArray *addresses);

typedef enum { SG_LETTER_GO, SG_LETTER_WAIT, SG_LETTER_DROP } SgLetterFate;
/* May and should this mail still go?  *why says it in a few plain words otherwise. */
SgLetterFate sg_letter_fate(const SgSetup *s, const SgMailJob *j, const SgIncident *i,
		const char **why);

/* What every mail may say of the school, and a link to this page of the console. */
void	    sg_letter_school(const SgSetup *s, const char *path, SgValues *v);
/* Values for one incident; several: the ones for a grouped mail as well. */
void	    sg_letter_values(const SgSetup *s, const SgIncident *i, gint64 now, SgValues *v);
/* The reviewer's part of a notice: what was written with the decision, or the word
 * "note.<template>".  FALSE: it cannot be read just now. */
gboolean    sg_letter_note(const SgSetup *s, SgStore *store, const SgIncident *i, const char *template,
		SgValues *v, GError **error);
void	    sg_letter_several(const SgSetup *s, GPtrArray *incidents, gint64 now, SgValues *v);

/* The mail, without its ticket; NULL with SG_ERR_SETUP when there is no such template. */
GBytes	   *sg_letter_write(const SgSetup *s, const char *template, const char *kind,
		const char *to, const SgValues *v, const char *ref, gint64 now, GError **error);

/* The line that stands for attachments that were left out (mails.md 4); caller frees. */
char	   *sg_letter_kept_back(const SgSetup *s, const char *ref, const char *parts);

#endif
