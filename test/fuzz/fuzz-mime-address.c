/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Address lists: rows are complete, groups are closed, the limit holds. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "mime/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_arena_ Arena arena = { 0 };
        MimeAddressList list = { 0 };
        bool in_group = false;

        mime_addresses_parse((const char *) data, size, 20, &arena, &list);
        if (list.n_addresses > 20)
                abort();
        for (size_t i = 0; i < list.n_addresses; i++) {
                const MimeAddress *row = list.addresses + i;

                if (row->host) {
                        if (!row->mailbox)
                                abort();
                        continue;
                }
                if (row->name || row->route || in_group != !row->mailbox)
                        abort();
                in_group = row->mailbox;
        }
        if (in_group)
                abort();
        return 0;
}
