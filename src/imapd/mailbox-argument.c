/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the name in a command to the mailbox. */
#include "imapd/mailbox-argument.h"

#include "basic/text.h"
#include "imap-proto/mailbox-name.h"
#include "mime/normal-form.h"
#include "store/store.h"

void mailbox_argument_done(MailboxArgument *mailbox) {
        free(mailbox->name);
        free(mailbox->told);
        free(mailbox->old_name);
        *mailbox = (MailboxArgument){ 0 };
}

/* What other programs made, in whatever form, has to be reached as it is. */
static char *normal_name(ImapSession *session, const char *name) {
        _cleanup_free_ char *normal = normal_form_of(name);

        if (!normal || store_mailbox_exists(session->store, name) == STORE_DONE)
                return NULL;
        return TAKE_PTR(normal);
}

bool mailbox_argument_take(ImapSession *session, ImapArgs *args, MailboxArgument *ret_mailbox) {
        _cleanup_free_ char *written = NULL;
        char *normal;

        if (!imap_args_take_mailbox(args, &written))
                return false;
        normal = normal_name(session, written);
        *ret_mailbox = (MailboxArgument){
                .name = text_dup(normal ? normal : written),
                .told = text_dup(normal ? normal : written),
                .old_name = normal ? TAKE_PTR(written) : NULL,
        };
        free(normal);
        return true;
}

bool mailbox_argument_take_new(ImapSession *session, ImapArgs *args,
                               MailboxArgument *ret_mailbox) {
        if (!mailbox_argument_take(session, args, ret_mailbox))
                return false;
        if (!mailbox_name_may_be_made(ret_mailbox->name))
                ret_mailbox->name[0] = '\0';
        return true;
}
