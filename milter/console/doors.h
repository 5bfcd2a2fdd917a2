/*
 * doors - handlers of the pages by which people come in, and by which accounts are kept.
 *
 * As those in page.h; apart, because they are many.  What they share: entrance.h, users.h.
 */
#ifndef SG_CONSOLE_DOORS_H
#define SG_CONSOLE_DOORS_H

#include "console/page.h"

void sg_p_code(const SgRequest *q, SgReply *r);
void sg_p_code_post(const SgRequest *q, SgReply *r);
void sg_p_first_code(const SgRequest *q, SgReply *r);
void sg_p_first_code_post(const SgRequest *q, SgReply *r);
void sg_p_first_password(const SgRequest *q, SgReply *r);
void sg_p_first_password_post(const SgRequest *q, SgReply *r);
void sg_p_first_picture(const SgRequest *q, SgReply *r);
void sg_p_first_use(const SgRequest *q, SgReply *r);
void sg_p_first_use_post(const SgRequest *q, SgReply *r);
void sg_p_hide_page(const SgRequest *q, SgReply *r);
void sg_p_me_codes(const SgRequest *q, SgReply *r);
void sg_p_me_codes_new(const SgRequest *q, SgReply *r);
void sg_p_me_codes_new_post(const SgRequest *q, SgReply *r);
void sg_p_me_codes_post(const SgRequest *q, SgReply *r);
void sg_p_me_password(const SgRequest *q, SgReply *r);
void sg_p_me_password_post(const SgRequest *q, SgReply *r);
void sg_p_me_session_end(const SgRequest *q, SgReply *r);
void sg_p_me_sessions_end(const SgRequest *q, SgReply *r);
void sg_p_me_settings(const SgRequest *q, SgReply *r);
void sg_p_recovery(const SgRequest *q, SgReply *r);
void sg_p_recovery_post(const SgRequest *q, SgReply *r);
void sg_p_sign_in(const SgRequest *q, SgReply *r);
void sg_p_sign_in_post(const SgRequest *q, SgReply *r);
void sg_p_sign_out(const SgRequest *q, SgReply *r);
void sg_p_user(const SgRequest *q, SgReply *r);
void sg_p_user_answer(const SgRequest *q, SgReply *r);
void sg_p_user_disable(const SgRequest *q, SgReply *r);
void sg_p_user_enable(const SgRequest *q, SgReply *r);
void sg_p_user_link(const SgRequest *q, SgReply *r);
void sg_p_user_mail(const SgRequest *q, SgReply *r);
void sg_p_user_reset(const SgRequest *q, SgReply *r);
void sg_p_user_role(const SgRequest *q, SgReply *r);
void sg_p_user_sessions(const SgRequest *q, SgReply *r);
void sg_p_users(const SgRequest *q, SgReply *r);
void sg_p_users_add(const SgRequest *q, SgReply *r);

#endif
