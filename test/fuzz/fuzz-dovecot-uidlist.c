/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dovecot-uidlist: UIDs ascend, names are legal; what is written of it reads as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "basic/text.h"
#include "maildir/dovecot-uidlist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(const DovecotUidlist *list, Buffer *target) {
        dovecot_uidlist_append_header(target, list->uids.uidvalidity, list->uids.uidnext, list->header_fields);
        for (size_t i = 0; i < list->uids.n_entries; i++)
                dovecot_uidlist_append_entry(target, list->uids.entries[i].uid, list->uids.entries[i].fields,
                                             list->uids.entries[i].base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_dovecot_uidlist_ DovecotUidlist list = { 0 }, again = { 0 };
        _cleanup_buffer_ Buffer first = { 0 }, second = { 0 };
        uint32_t last = 0;

        if (!dovecot_uidlist_parse(text_dup_range((const char *) data, size), size, &list))
                return 0;
        for (size_t i = 0; i < list.uids.n_entries; i++) {
                const UidEntry *entry = &list.uids.entries[i];

                if (entry->uid <= last || entry->base[strcspn(entry->base, ":/\n")] != '\0' || *entry->base == '\0')
                        abort();
                last = entry->uid;
        }
        if (last > 0 && last < UINT32_MAX && list.uids.uidnext <= last)
                abort();
        write_again(&list, &first);
        if (!dovecot_uidlist_parse(text_dup_range(first.data, first.size), first.size, &again))
                abort();
        write_again(&again, &second);
        if (!text_equal(first.data, second.data))
                abort();
        return 0;
}
