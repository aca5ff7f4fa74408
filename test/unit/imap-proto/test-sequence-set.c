/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/imap-limits.h"
#include "imap-proto/sequence-set.h"

TEST("a set is read, and '*' is the largest number then") {
        static const struct {
                const char *text;
                uint32_t largest;
                const char *numbers;
                bool within;
        } examples[] = {
                { "2,4:7,9,12:*", 15, "2,4:7,9,12:15", true },
                { "*", 5, "5", true },
                { "*:3", 5, "3:5", true },
                { "5:3", 9, "3:5", true },
                { "99:*", 5, "5:99", false },
                { "1:4294967295", 7, "1:4294967295", false },
                { "1,1,1:2", 2, "1:2", true },
                { "*", 0, "", false },
                { "1:*", 0, "", false },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_sequence_set_ SequenceSet set = { 0 };
                _cleanup_number_set_ NumberSet numbers = { 0 };
                _cleanup_buffer_ Buffer text = { 0 };
                const char *error = NULL;

                CHECK(sequence_set_parse(examples[i].text, strlen(examples[i].text), &set, &error));
                CHECK_NUMBER(sequence_set_resolve(&set, examples[i].largest, &numbers), examples[i].within);
                number_set_append_text(&numbers, &text);
                CHECK_TEXT(text.data ? text.data : "", examples[i].numbers);
        }
}

TEST("the saved result stands alone") {
        _cleanup_sequence_set_ SequenceSet set = { 0 };
        const char *error = NULL;

        CHECK(sequence_set_parse("$", 1, &set, &error) && set.saved_result);
        CHECK(!sequence_set_parse("$,1", 3, &set, &error));
}

TEST("what is no set is refused") {
        static const char *const examples[] = {
                "", ",", "1,", ",1", "0", "01", "1:", ":1", "1:2:3", "4294967296", "99999999999999999999",
                "1,,2", "a", "-1", "1:0", "**", "1*", "1 2",
        };
        const char *error;

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                SequenceSet set = { 0 };

                error = NULL;
                CHECK(!sequence_set_parse(examples[i], strlen(examples[i]), &set, &error));
                CHECK_TEXT(error, "Malformed sequence set");
        }
}

TEST("the number of ranges is limited") {
        _cleanup_buffer_ Buffer text = { 0 };
        _cleanup_sequence_set_ SequenceSet set = { 0 };
        const char *error = NULL;

        for (int i = 0; i < IMAP_SET_RANGES_MAX; i++)
                buffer_append_text(&text, i == 0 ? "1" : ",1");
        CHECK(sequence_set_parse(text.data, text.size, &set, &error));
        buffer_append_text(&text, ",1");
        sequence_set_done(&set);
        CHECK(!sequence_set_parse(text.data, text.size, &set, &error));
        CHECK_TEXT(error, "Too many ranges");
}

TESTS_END
