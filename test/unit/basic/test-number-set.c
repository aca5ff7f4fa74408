/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/number-set.h"
#include "harness.h"

TEST("ranges are sorted, merged where they touch, and written as IMAP does") {
        static const NumberRange ranges[] = { { 7, 7 }, { 3, 1 }, { 4, 5 }, { 9, 12 }, { 10, 11 } };
        _cleanup_number_set_ NumberSet set = { 0 }, one_by_one = { 0 };
        _cleanup_buffer_ Buffer text = { 0 }, again = { 0 };

        number_set_add_all(&set, ranges, ELEMENTSOF(ranges));
        number_set_append_text(&set, &text);
        CHECK_TEXT(text.data, "1:5,7,9:12");
        CHECK_NUMBER(number_set_count(&set), 10);
        for (size_t i = 0; i < ELEMENTSOF(ranges); i++)
                number_set_add(&one_by_one, ranges[i].first, ranges[i].last);
        number_set_append_text(&one_by_one, &again);
        CHECK_TEXT(again.data, "1:5,7,9:12");
}

TEST("membership and walking agree") {
        _cleanup_number_set_ NumberSet set = { 0 };
        uint32_t number = 0, n = 0;

        number_set_add(&set, 2, 4);
        number_set_add(&set, UINT32_MAX - 1, UINT32_MAX);
        CHECK(!number_set_has(&set, 1) && number_set_has(&set, 2) && !number_set_has(&set, 5));
        CHECK(number_set_has(&set, UINT32_MAX));
        while (number < UINT32_MAX && number_set_next(&set, number + 1, &number))
                n++;
        CHECK_NUMBER(n, 5);
        CHECK(!number_set_next(&(NumberSet){ 0 }, 1, &number));
}

TEST("the largest number does not overflow when ranges touch it") {
        _cleanup_number_set_ NumberSet set = { 0 };

        number_set_add(&set, UINT32_MAX, UINT32_MAX);
        number_set_add(&set, UINT32_MAX, UINT32_MAX);
        number_set_add(&set, 1, UINT32_MAX);
        CHECK_NUMBER(set.n_ranges, 1);
        CHECK_NUMBER(number_set_count(&set), UINT32_MAX);
}

TEST("an intersection has what both have") {
        static const struct {
                NumberRange left[3], right[3];
                size_t n_left, n_right;
                const char *want;
        } examples[] = {
                { { { 1, 5 }, { 9, 12 } }, { { 3, 10 } }, 2, 1, "3:5,9:10" },
                { { { 1, 5 } }, { { 6, 9 } }, 1, 1, "" },
                { { { 1, UINT32_MAX } }, { { 2, 2 }, { 4, 4 }, { UINT32_MAX, UINT32_MAX } }, 1, 3,
                  "2,4,4294967295" },
                { { { 0, 0 } }, { { 1, 9 } }, 0, 1, "" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_number_set_ NumberSet left = { 0 }, right = { 0 }, both = { 0 }, turned = { 0 };
                _cleanup_buffer_ Buffer text = { 0 }, again = { 0 };

                number_set_add_all(&left, examples[i].left, examples[i].n_left);
                number_set_add_all(&right, examples[i].right, examples[i].n_right);
                number_set_intersect(&left, &right, &both);
                number_set_intersect(&right, &left, &turned);
                buffer_append_text(&text, "");
                buffer_append_text(&again, "");
                number_set_append_text(&both, &text);
                number_set_append_text(&turned, &again);
                CHECK_TEXT(text.data, examples[i].want);
                CHECK_TEXT(again.data, examples[i].want);
        }
}

TEST("walking downwards sees the same members") {
        _cleanup_number_set_ NumberSet set = { 0 };
        uint32_t want = 1, number;

        number_set_add_all(&set, (NumberRange[]){ { 1, 3 }, { 7, 7 }, { UINT32_MAX, UINT32_MAX } }, 3);
        for (number = UINT32_MAX; number_set_previous(&set, number, &number); number--)
                want = want * 10 + number % 10;
        CHECK_NUMBER(want, 157321);
        CHECK(number_set_previous(&set, 6, &number) && number == 3);
        CHECK(!number_set_previous(&set, 0, &number));
        CHECK(!number_set_previous(&(NumberSet){ 0 }, 9, &number));
}

TEST("only the greatest members are kept") {
        static const struct {
                uint64_t n;
                const char *want;
        } examples[] = {
                { 0, "" }, { 1, "20" }, { 2, "9,20" }, { 3, "8:9,20" }, { 5, "1,7:9,20" }, { 6, "1,7:9,20" },
                { UINT64_MAX, "1,7:9,20" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_number_set_ NumberSet set = { 0 };
                _cleanup_buffer_ Buffer text = { 0 };

                number_set_add_all(&set, (NumberRange[]){ { 1, 1 }, { 7, 9 }, { 20, 20 } }, 3);
                number_set_keep_last(&set, examples[i].n);
                buffer_append_text(&text, "");
                number_set_append_text(&set, &text);
                CHECK_TEXT(text.data, examples[i].want);
        }
}

TESTS_END
