/* SPDX-License-Identifier: GPL-3.0-or-later */
/* courierimapuiddb: whatever is in it, UIDs ascend, no name is twice, and uidnext is above all. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "basic/text.h"
#include "maildir/uid-database.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_uid_database_ UidDatabase database = { 0 };
        uint32_t last = 0;

        if (!uid_database_parse(text_dup_range((const char *) data, size), size, &database))
                return 0;
        for (size_t i = 0; i < database.n_entries; i++) {
                if (database.entries[i].uid <= last || strchr(database.entries[i].base, ':') ||
                    strchr(database.entries[i].base, '\n') || *database.entries[i].base == '\0')
                        abort();
                last = database.entries[i].uid;
        }
        if (last > 0 && last < UINT32_MAX && database.uidnext <= last)
                abort();
        return 0;
}
