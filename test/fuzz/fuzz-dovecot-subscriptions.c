/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dovecot's subscriptions: every name is one of a directory, and is the same when written and read. */
#include <stdint.h>
#include <stdlib.h>

#include "basic/text.h"
#include "maildir/dovecot-subscriptions.h"
#include "maildir/folder-name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_name_list_ NameList names = { 0 }, again = { 0 };
        _cleanup_buffer_ Buffer octets = { 0 };

        dovecot_subscriptions_parse((const char *) data, size, &names);
        for (size_t i = 0; i < names.n_names; i++) {
                _cleanup_free_ char *directory = text_printf(".%s", names.names[i]), *mailbox = NULL;

                if (!folder_name_from_directory(directory, &mailbox))
                        abort();
                dovecot_subscriptions_append(&octets, names.names[i]);
        }
        if (names.n_names == 0)
                return 0;
        dovecot_subscriptions_parse(octets.data, octets.size, &again);
        for (size_t i = 0; i < names.n_names; i++)
                if (again.n_names != names.n_names || !text_equal(names.names[i], again.names[i]))
                        abort();
        return 0;
}
