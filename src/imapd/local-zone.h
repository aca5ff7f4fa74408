/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's time zone, in which INTERNALDATE is shown and its day is searched for. */
#pragma once

#include <stdint.h>

/** local_zone_minutes() - minutes east of UTC that were or will be in force at a time */
int16_t local_zone_minutes(int64_t sec);

/** local_day() - days since 1970-01-01 at a time, by the server's calendar */
int64_t local_day(int64_t sec);

/** zone_day() - days since 1970-01-01 at a time in a zone; days before 1970 are negative */
int64_t zone_day(int64_t sec, int16_t zone_minutes);
