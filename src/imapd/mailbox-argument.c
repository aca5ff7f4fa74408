/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the name in a command to the mailbox. */
#include "imapd/mailbox-argument.h"

#include "basic/text.h"
#include "imap-proto/bare-name.h"
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

void mailbox_argument_normalize(ImapSession *session, char **name) {
        _cleanup_free_ char *normal = NULL;

        if (session->takes_bare_names && bare_name_is(*name)) {
                char *prefixed = bare_name_prefixed(*name);

                free(*name);
                *name = prefixed;
        }
        normal = normal_name(session, *name);
        if (normal)
                text_set(name, normal);
}

bool mailbox_argument_take(ImapSession *session, ImapArgs *args, MailboxArgument *ret_mailbox) {
        _cleanup_free_ char *written = NULL, *name = NULL, *normal = NULL;
        bool is_bare;

        if (!imap_args_take_mailbox(args, &written))
                return false;
        is_bare = session->takes_bare_names && bare_name_is(written);
        name = is_bare ? bare_name_prefixed(written) : text_dup(written);
        normal = normal_name(session, name);
        *ret_mailbox = (MailboxArgument){ .old_name = normal ? TAKE_PTR(written) : NULL };
        if (!normal)
                normal = TAKE_PTR(name);
        ret_mailbox->told = text_dup(is_bare ? bare_name_of(normal) : normal);
        ret_mailbox->name = TAKE_PTR(normal);
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
