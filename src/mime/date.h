/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates of header fields (RFC 5322, sections 3.3 and 4.3). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * mime_date_parse() - "Tue, 14 May 2024 10:11:12 +0200" and all obsolete forms of it
 * @text:              a field value, folded or not; comments are allowed
 * @ret_sec:           seconds since 1970, UTC
 * @ret_zone_minutes:  east of UTC is positive; 0 for a missing or unknown zone
 *
 * Takes years of two and three digits, named zones, missing weekday, seconds or zone, and
 * asctime() and ISO 8601 order as well. The day is checked against the month, second 60 is 59.
 *
 * Return: false when it is no date.
 */
[[nodiscard]] bool mime_date_parse(const char *text, size_t size, int64_t *ret_sec,
                                   int16_t *ret_zone_minutes);
