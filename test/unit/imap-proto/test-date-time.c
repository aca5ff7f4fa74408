/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/date-time.h"

TEST("a date-time becomes UTC and a zone, and is written back") {
        static const struct {
                const char *text, *written;
                int64_t sec;
                int zone;
        } examples[] = {
                { "17-Jul-1996 02:44:25 -0700", NULL, 837596665, -420 },
                { " 1-Jan-1970 00:00:00 +0000", "01-Jan-1970 00:00:00 +0000", 0, 0 },
                { "7-FEB-2024 23:59:60 +0530", "07-Feb-2024 23:59:59 +0530", 1707330599, 330 },
                { "29-Feb-2000 12:00:00 +0100", NULL, 951822000, 60 },
                { "31-Dec-1969 23:59:59 +0000", NULL, -1, 0 },
                { "01-Jan-9999 00:00:00 +0000", NULL, 253370764800, 0 },
                { "01-Jan-1600 00:00:00 -0001", NULL, -11676096000 + 60, -1 },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_buffer_ Buffer written = { 0 };
                int64_t sec = 0;
                int16_t zone = 0;

                CHECK(date_time_parse(examples[i].text, strlen(examples[i].text), &sec, &zone));
                CHECK_NUMBER(sec, examples[i].sec);
                CHECK_NUMBER(zone, examples[i].zone);
                date_time_append(sec, zone, &written);
                CHECK_TEXT(written.data, examples[i].written ? examples[i].written : examples[i].text);
        }
}

TEST("what is no date-time is refused") {
        static const char *const examples[] = {
                "", " ", "17-Jul-1996", "17-Jul-1996 02:44:25", "17-Jul-1996 02:44:25 0700",
                "17-Jul-96 02:44:25 -0700", "32-Jan-2000 00:00:00 +0000", "29-Feb-1900 00:00:00 +0000",
                "0-Jan-2000 00:00:00 +0000", "17-Foo-1996 02:44:25 -0700", "17-Jul-1996 24:00:00 -0700",
                "17-Jul-1996 02:60:25 -0700", "17-Jul-1996 02:44:61 -0700", "17-Jul-1996 02:44:25 -0760",
                "17-Jul-1996 02:44:25 -0700 ", "  7-Jul-1996 02:44:25 -0700", "17-Jul-1996  2:44:25 -0700",
        };
        int64_t sec;
        int16_t zone;

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                if (date_time_parse(examples[i], strlen(examples[i]), &sec, &zone)) {
                        printf("# taken: '%s'\n", examples[i]);
                        CHECK(!"a date-time");
                }
}

TEST("every day of four centuries follows the one before") {
        _cleanup_buffer_ Buffer text = { 0 };
        int64_t number, wrong = 0;

        for (int64_t day = -141428; day < 4671; day++) { /* from October 1582 to 1982 */
                size_t start;

                buffer_clear(&text);
                date_time_append(day * 86400, 0, &text);
                start = text.data[0] == '0'; /* SEARCH writes one digit */
                if (!date_parse(text.data + start, 11 - start, &number) || number != day)
                        wrong++;
        }
        CHECK_NUMBER(wrong, 0);
}

TEST("absurd times are written as some date") {
        _cleanup_buffer_ Buffer text = { 0 };

        date_time_append(INT64_MAX, INT16_MAX, &text);
        buffer_append_char(&text, '|');
        date_time_append(INT64_MIN, INT16_MIN, &text);
        CHECK(strlen(text.data) == text.size);
}

TEST("a date of SEARCH has one or two digits for the day") {
        int64_t day = 0;

        CHECK(date_parse("1-Feb-1994", 10, &day));
        CHECK_NUMBER(day, 8797);
        CHECK(date_parse("01-feb-1994", 11, &day));
        CHECK_NUMBER(day, 8797);
        CHECK(!date_parse(" 1-Feb-1994", 11, &day));
        CHECK(!date_parse("1-Feb-1994x", 11, &day));
        CHECK(!date_parse("001-Feb-1994", 12, &day));
}

TESTS_END
