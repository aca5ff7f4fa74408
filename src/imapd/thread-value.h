/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What THREAD needs to know of one message, in octets that can be kept. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"

typedef struct ThreadText {
        const char *text; /* borrowed; not NUL-terminated */
        size_t size;
} ThreadText;

typedef struct ThreadValue {
        bool has_date;
        bool is_reply;      /* the subject says so, or that it is a forward */
        int64_t date_sec;   /* sent date, in UTC */
        ThreadText subject; /* base subject as it is compared (mime/casemap.h) */
        ThreadText id;      /* message ID; empty: none */
        const char *at, *end; /* borrowed: message IDs of references that are still to be read */
} ThreadValue;

/**
 * thread_value_build() - append the octets for a message's header lines
 *
 * Longer IDs than 64 KiB, and what is behind IMAP_SORT_TEXT_MAX octets of the subject, are left
 * out. The references are those of References, or the first of In-Reply-To (RFC 5256, section 3).
 */
void thread_value_build(const char *header, size_t size, Buffer *target);

/** thread_value_read() - false: these are no such octets */
[[nodiscard]] bool thread_value_read(const char *data, size_t size, ThreadValue *ret_value);

/** thread_value_next() - the next reference; false when there is none */
[[nodiscard]] bool thread_value_next(ThreadValue *value, ThreadText *ret_id);
