/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a mailbox costs thirty system calls, and adding a message as many. */
#include "store/append-target.h"

#include "basic/text.h"
#include "store/store-private.h"

int append_target_take(MailStore *store, const char *name, Mailbox **ret_box) {
        Mailbox *box = store->append_target;

        store->append_target = NULL;
        if (box && text_equal(box->name, name) &&
            folder_is_there(store->root_fd, box->directory, &box->folder)) {
                *ret_box = box;
                return STORE_DONE;
        }
        mailbox_close(box);
        return mailbox_open_to_add(store, name, ret_box);
}

void append_target_keep(MailStore *store, Mailbox *box) {
        append_target_done(store);
        store->append_target = box;
        store->append_target_is_new = true;
}

void append_target_rest(MailStore *store) {
        if (!store->append_target_is_new)
                append_target_done(store);
        store->append_target_is_new = false;
}

void append_target_done(MailStore *store) {
        store->append_target = mailbox_close(store->append_target);
}
