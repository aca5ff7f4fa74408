/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keyed hashes of file names (SipHash-1-3): without the key nobody can make two equal. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "basic/memory.h"

typedef struct NamePrintKey {
        uint64_t halves[2];
} NamePrintKey;

typedef struct NamePrint {
        uint64_t first, second; /* each as good as random */
} NamePrint;

/** name_print_key() - another one each time */
NamePrintKey name_print_key(void);

_pure_ NamePrint name_print(const NamePrintKey *key, const char *octets, size_t size);
