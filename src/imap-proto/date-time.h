/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates of IMAP: date-time of INTERNALDATE and date of SEARCH (RFC 9051, section 9). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "basic/buffer.h"

/**
 * date_time_parse() - "17-Jul-1996 02:44:25 -0700", the day also " 7" or "7"
 *
 * Checks the day against the month. Second 60 is taken as 59.
 */
[[nodiscard]] bool date_time_parse(const char *text, size_t size, int64_t *ret_sec,
                                   int16_t *ret_zone_minutes);

/** date_time_append() - "17-Jul-1996 02:44:25 -0700"; years are kept within 0000..9999 */
void date_time_append(int64_t sec, int16_t zone_minutes, Buffer *target);

/** date_parse() - "1-Feb-1994": days since 1970-01-01 */
[[nodiscard]] bool date_parse(const char *text, size_t size, int64_t *ret_day);
