/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking a name up in a table. */
#include "basic/names.h"

#include "basic/text.h"

int names_find(const char *const *names, size_t n_names, const char *name) {
        for (size_t i = 0; i < n_names; i++)
                if (names[i] && text_equal_nocase(names[i], name))
                        return (int) i;
        return -1;
}
