/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How folders are called on disk: UTF-8, as here and with Courier-IMAP since 5.0, or modified
 * UTF-7, as with Courier-IMAP before and with Dovecot. Nothing on disk says which, except that
 * names with octets above 127 are UTF-8, and "imapd.names", which a conversion writes.
 */
#pragma once

#include <stdbool.h>

#include "store/finding.h"
#include "store/store.h"

typedef enum NamesCoding {
        NAMES_UTF8,
        NAMES_UTF7,
} NamesCoding;

typedef enum ConvertOptions {
        CONVERT_DRY_RUN = 1 << 0, /* say what would be done */
        CONVERT_FORCE = 1 << 1,   /* even if the names seem to be that way already */
} ConvertOptions;

/**
 * store_convert_names() - rename folders, and courierimapsubscribed with them
 * @reporter:  hears of every rename ("renamed", "would-rename"), and of what forbids it all
 *
 * All or nothing: a name that is not in the old coding, or has the name of another one in the
 * new coding, and nothing is changed.
 * Return: STORE_DONE, STORE_EXISTS (converted already), STORE_INVALID_NAME (told of),
 * STORE_READ_ONLY, STORE_NO_SPACE, ….
 */
[[nodiscard]] int store_convert_names(MailStore *store, NamesCoding coding, unsigned options,
                                      const StoreReporter *reporter);
