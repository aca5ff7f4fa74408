/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left of a subject without "Re:", "[list]" and "(fwd)" (RFC 5256, section 2.1). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"

typedef struct BaseSubject {
        const char *text; /* borrowed from the buffer, not NUL-terminated */
        size_t size;
        bool is_reply;    /* it had "Re:" or "Fwd:", "(fwd)" or "[fwd: …]" (section 3) */
} BaseSubject;

/**
 * base_subject_find() - extract it
 * @subject:  UTF-8, encoded words already decoded; its white space is changed. Linear.
 */
void base_subject_find(Buffer *subject, BaseSubject *ret_base);
