/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The announcement of a literal (RFC 9051, literal and literal8; RFC 7888). */
#pragma once

#include "imap-proto/imap-args.h"

/**
 * imap_literal_scan() - "{n}", "{n+}" or "~{n}" at *at, which moves behind it on success
 *
 * A number that does not fit becomes UINT64_MAX, which is over every limit.
 */
[[nodiscard]] bool imap_literal_scan(const char **at, const char *end, ImapLiteral *ret_literal);
