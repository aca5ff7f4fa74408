/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Local time; the zone's file was read by tzset() before the sandbox closed. */
#include "imapd/local-zone.h"

#include <time.h>

enum { DAY_SEC = 24 * 60 * 60 };

int16_t local_zone_minutes(int64_t sec) {
        time_t when = (time_t) sec;
        struct tm local;

        if (!localtime_r(&when, &local))
                return 0;
        return (int16_t) (local.tm_gmtoff / 60);
}

int64_t zone_day(int64_t sec, int16_t zone_minutes) {
        int64_t local = sec + zone_minutes * 60;

        return local / DAY_SEC - (local % DAY_SEC < 0);
}

int64_t local_day(int64_t sec) {
        return zone_day(sec, local_zone_minutes(sec));
}
