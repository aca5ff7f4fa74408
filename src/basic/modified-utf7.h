/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Modified UTF-7, in which IMAP4rev1 writes mailbox names (RFC 3501, section 5.1.3). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/buffer.h"

/**
 * modified_utf7_decode() - to UTF-8, strictly: only the one correct form of each text
 *
 * Printable ASCII stands for itself, "&-" is "&". False for 8-bit and control octets, unneeded
 * or unfinished encoding, lone surrogates, NUL. @target is appended to also on false.
 */
[[nodiscard]] bool modified_utf7_decode(const char *text, size_t size, Buffer *target);

/** modified_utf7_encode() - to its one form; octets that are not UTF-8 become U+FFFD */
void modified_utf7_encode(const char *utf8, size_t size, Buffer *target);
