/*
 * verbs - the functions behind commands.c; each in c_<noun>.c.
 */
#ifndef SG_CTL_VERBS_H
#define SG_CTL_VERBS_H

#include "ctl/ctl.h"

SgExit sg_c_audit_list(SgCtl *c);
SgExit sg_c_audit_verify(SgCtl *c);
SgExit sg_c_complete(SgCtl *c);
SgExit sg_c_completion(SgCtl *c);
SgExit sg_c_config_check(SgCtl *c);
SgExit sg_c_config_show(SgCtl *c);
SgExit sg_c_disclaim(SgCtl *c);
SgExit sg_c_doctor(SgCtl *c);
SgExit sg_c_held_decide(SgCtl *c);	/* release, return, withhold */
SgExit sg_c_held_list(SgCtl *c);
SgExit sg_c_held_pass(SgCtl *c);
SgExit sg_c_held_read(SgCtl *c);
SgExit sg_c_held_seal(SgCtl *c);
SgExit sg_c_held_settle(SgCtl *c);
SgExit sg_c_held_show(SgCtl *c);
SgExit sg_c_held_take(SgCtl *c);
SgExit sg_c_held_undo(SgCtl *c);
SgExit sg_c_help(SgCtl *c);
SgExit sg_c_key_init(SgCtl *c);
SgExit sg_c_key_list(SgCtl *c);
SgExit sg_c_mdoc(SgCtl *c);
SgExit sg_c_contact_list(SgCtl *c);
SgExit sg_c_contact_verify(SgCtl *c);
SgExit sg_c_reload(SgCtl *c);
SgExit sg_c_replay(SgCtl *c);
SgExit sg_c_report_disclaimers(SgCtl *c);
SgExit sg_c_roster_check(SgCtl *c);
SgExit sg_c_roster_import(SgCtl *c);
SgExit sg_c_roster_remove(SgCtl *c);
SgExit sg_c_roster_show(SgCtl *c);
SgExit sg_c_rules_accept(SgCtl *c);
SgExit sg_c_rules_check(SgCtl *c);
SgExit sg_c_rules_decline(SgCtl *c);
SgExit sg_c_rules_diff(SgCtl *c);
SgExit sg_c_rules_import(SgCtl *c);
SgExit sg_c_rules_list(SgCtl *c);
SgExit sg_c_rules_show(SgCtl *c);
SgExit sg_c_rules_suggestions(SgCtl *c);
SgExit sg_c_rules_test(SgCtl *c);
SgExit sg_c_scan(SgCtl *c);
SgExit sg_c_status(SgCtl *c);
SgExit sg_c_trace(SgCtl *c);
SgExit sg_c_user_add(SgCtl *c);
SgExit sg_c_user_approve(SgCtl *c);
SgExit sg_c_user_disable(SgCtl *c);
SgExit sg_c_user_enable(SgCtl *c);
SgExit sg_c_user_end(SgCtl *c);
SgExit sg_c_user_link(SgCtl *c);
SgExit sg_c_user_list(SgCtl *c);
SgExit sg_c_user_mail(SgCtl *c);
SgExit sg_c_user_reset(SgCtl *c);
SgExit sg_c_user_role(SgCtl *c);
SgExit sg_c_user_sessions(SgCtl *c);
SgExit sg_c_user_show(SgCtl *c);

#endif
