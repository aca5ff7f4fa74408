/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"

#include <time.h>

#include "imapd/local-zone.h"

static void use_zone(const char *zone) {
        setenv("TZ", zone, 1);
        tzset();
}

TEST("the zone of a time is the one that was in force then") {
        use_zone("CET-1CEST,M3.5.0,M10.5.0/3");
        CHECK_NUMBER(local_zone_minutes(1704067200), 60);  /* 1 Jan 2024 */
        CHECK_NUMBER(local_zone_minutes(1719792000), 120); /* 1 Jul 2024 */
        use_zone("NST3:30");
        CHECK_NUMBER(local_zone_minutes(0), -210);
}

TEST("a day begins at local midnight") {
        use_zone("XYZ-2");
        CHECK_NUMBER(local_day(86400 - 7200 - 1), 0);
        CHECK_NUMBER(local_day(86400 - 7200), 1);
        use_zone("UTC0");
        CHECK_NUMBER(local_day(86399), 0);
        CHECK_NUMBER(local_day(86400), 1);
}

TEST("days before 1970 count downwards") {
        CHECK_NUMBER(zone_day(-1, 0), -1);
        CHECK_NUMBER(zone_day(-86400, 0), -1);
        CHECK_NUMBER(zone_day(-86401, 0), -2);
        CHECK_NUMBER(zone_day(0, -60), -1);
        CHECK_NUMBER(zone_day(0, 0), 0);
}

TESTS_END
