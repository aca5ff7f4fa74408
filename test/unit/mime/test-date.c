/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/date.h"

#include "harness.h"

static const struct {
        const char *text;
        int64_t sec;
        int zone;
} dates[] = {
        { "Tue, 14 May 2024 10:11:12 +0200", 1715674272, 120 },
        { "14 May 2024 10:11:12 +0200", 1715674272, 120 },
        { "Tue, 14 May 24 10:11:12 +0200", 1715674272, 120 },
        { "Tue, 14 May 124 10:11:12 +0200", 1715674272, 120 },
        { "Tue, 14 May 2024 10:11 +0200", 1715674260, 120 },
        { "Tue, 14 May 2024 23:59:59 -0800", 1715759999, -480 },
        { "Tue, 14 May 2024 10:11:12 EST", 1715699472, -300 },
        { "Tue, 14 May 2024 10:11:12 GMT", 1715681472, 0 },
        { "Tue, 14 May 2024 10:11:12", 1715681472, 0 },
        { "Tue, 14 May 2024 10:11:12 Z", 1715681472, 0 },
        { "Tue, 14 May 2024 10:11:12 XYZ", 1715681472, 0 },
        { "Tue, 14 May 2024 10:11:12 +9999", 1715681472, 0 },
        { "Tue, 14 (day) May\r\n 2024 10:11:12 (a (b) c) +0200 (CEST)", 1715674272, 120 },
        { "Tue,14May2024 10:11:12+0200", 1715674272, 120 },
        { "Tuesday, 14-May-24 10:11:12 GMT", 1715681472, 0 },
        { "Tue May 14 10:11:12 2024", 1715681472, 0 },
        { "Tue May 14 10:11:12 GMT 2024", 1715681472, 0 },
        { "2024-05-14 10:11:12", 1715681472, 0 },
        { "2024-05-14T10:11:12.123+02:00", 1715674272, 120 },
        { "14 may 2024", 1715644800, 0 },
        { "Tue, 14 May 2024 10:11:60 +0000", 1715681519, 0 },
        { "Thu, 29 Feb 2024 12:00:00 -0000", 1709208000, 0 },
        { "Thu, 1 Jan 1970 00:00:00 +0000", 0, 0 },
        { "Wed, 31 Dec 1969 23:59:59 +0000", -1, 0 },
        { "1 Jan 51 00:00:00 +0000", -599616000, 0 },
        { "Fri, 1 Jan 2100 00:00:00 +0000", 4102444800, 0 },
};

TEST("dates of RFC 5322, obsolete and foreign forms") {
        for (size_t i = 0; i < ELEMENTSOF(dates); i++) {
                int64_t sec = 42;
                int16_t zone = 42;

                CHECK(mime_date_parse(dates[i].text, strlen(dates[i].text), &sec, &zone));
                CHECK_NUMBER(sec, dates[i].sec);
                CHECK_NUMBER(zone, dates[i].zone);
        }
}

TEST("what is no date is refused") {
        static const char *const texts[] = {
                "", "garbage", "Sat, 31 Feb 2024 10:11:12 +0000", "29 Feb 2023", "14 May", "May 2024",
                "Tue, 14 May 2024 25:11:12 +0000", "Tue, 14 May 2024 10:61:12 +0000", "0 May 2024", "14 Foo 2024",
                "99999999999999999999 May 2024", "14 May 99999", "2024-13-01", "14 May 2024 10:", "(14 May 2024",
        };

        for (size_t i = 0; i < ELEMENTSOF(texts); i++) {
                int64_t sec;
                int16_t zone;

                CHECK(!mime_date_parse(texts[i], strlen(texts[i]), &sec, &zone));
        }
}

TESTS_END
