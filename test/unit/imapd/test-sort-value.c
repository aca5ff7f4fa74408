/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/imap-limits.h"
#include "imapd/sort-value.h"

static const char header[] =
        "Subject: =?utf-8?Q?Re:_[list]_Gr=C3=BC=C3=9Fe?= (fwd)\n"
        "Subject: second\n"
        "From: \"M\xc3\xbcller, Ann\" <Ann.M@Example.com>, bob@example.com\n"
        "To: undisclosed: x@example.com;\n"
        "Cc:\n"
        "Cc: carl@example.com (Carl)\n";

TEST("fields sort by base subject, mailbox, or display name") {
        static const struct {
                SortField field;
                const char *text;
        } examples[] = {
                { SORT_SUBJECT, "GRU\xcc\x88\xc3\x9f" "E" },
                { SORT_FROM, "ANN.M" },
                { SORT_DISPLAY_FROM, "MU\xcc\x88LLER, ANN" },
                { SORT_TO, "UNDISCLOSED" },
                { SORT_DISPLAY_TO, "UNDISCLOSED" },
                { SORT_CC, "CARL" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_buffer_ Buffer text = { 0 };

                sort_field_append(examples[i].field, header, sizeof(header) - 1, &text);
                CHECK_TEXT(text.data, examples[i].text);
        }
}

TEST("without a name the address is displayed; a missing field is empty") {
        static const char other[] = "From: <eve@example.com>\n";
        _cleanup_buffer_ Buffer text = { 0 };

        sort_field_append(SORT_DISPLAY_FROM, other, sizeof(other) - 1, &text);
        CHECK_TEXT(text.data, "EVE@EXAMPLE.COM");
        buffer_clear(&text);
        sort_field_append(SORT_DISPLAY_TO, other, sizeof(other) - 1, &text);
        sort_field_append(SORT_SUBJECT, other, sizeof(other) - 1, &text);
        CHECK_TEXT(text.data, "");
}

static void rank_texts(const char *const *texts, size_t n, uint32_t *ranks) {
        _cleanup_arena_ Arena arena = { 0 };
        SortValue *values = make_array(SortValue, n);

        for (size_t i = 0; i < n; i++) {
                values[i] = sort_value_text(texts[i], strlen(texts[i]), &arena);
                values[i].row = (uint32_t) i;
        }
        sort_rank(values, n, ranks);
        free(values);
}

TEST("equal texts have one rank, and a prefix comes first") {
        static const char *const texts[] = {
                "ABCDEFGHI", "B", "", "ABCDEFGH", "ABCDEFGHA", "B", "\xff", "ABCDEFG", "A",
        };
        static const uint32_t wanted[] = { 5, 6, 0, 3, 4, 6, 7, 2, 1 };
        uint32_t ranks[ELEMENTSOF(texts)];

        rank_texts(texts, ELEMENTSOF(texts), ranks);
        for (size_t i = 0; i < ELEMENTSOF(texts); i++)
                CHECK_NUMBER(ranks[i], wanted[i]);
}

/* Texts of two letters that are alike for a long time, some of them all the way. */
static void make_alike(char *texts[], size_t n) {
        uint32_t random = 1;

        for (size_t i = 0; i < n; i++) {
                size_t size = 8 + i % 50;

                texts[i] = memory_new(1, size + 1);
                memset(texts[i], 'A', size);
                for (size_t k = 8; k < size; k += 7) {
                        random = random * 1664525 + 1013904223;
                        texts[i][k] = random >> 30 == 0 ? 'B' : 'A';
                }
        }
}

TEST("ranks are the order of the octets, however late texts begin to differ") {
        enum { N_TEXTS = 500 };
        char *texts[N_TEXTS];
        uint32_t ranks[N_TEXTS];

        make_alike(texts, N_TEXTS);
        rank_texts((const char *const *) texts, N_TEXTS, ranks);
        for (size_t i = 0; i < N_TEXTS; i++)
                for (size_t k = 0; k < i; k++) {
                        int order = strcmp(texts[k], texts[i]);

                        CHECK((order < 0) == (ranks[k] < ranks[i]));
                        CHECK((order == 0) == (ranks[k] == ranks[i]));
                }
        for (size_t i = 0; i < N_TEXTS; i++)
                free(texts[i]);
}

TEST("what is behind the limit is not compared") {
        char *texts[2] = { memory_new(1, IMAP_SORT_TEXT_MAX + 2), memory_new(1, IMAP_SORT_TEXT_MAX + 2) };
        uint32_t ranks[2];

        for (size_t i = 0; i < 2; i++) {
                memset(texts[i], 'A', IMAP_SORT_TEXT_MAX);
                texts[i][IMAP_SORT_TEXT_MAX] = (char) ('A' + i);
        }
        rank_texts((const char *const *) texts, 2, ranks);
        CHECK_NUMBER(ranks[1], 0);
        texts[1][IMAP_SORT_TEXT_MAX - 1] = 'B';
        rank_texts((const char *const *) texts, 2, ranks);
        CHECK_NUMBER(ranks[1], 1);
        free(texts[0]);
        free(texts[1]);
}

TEST("numbers of either sign are in order") {
        static const int64_t numbers[] = { 5, -1, INT64_MAX, INT64_MIN, 0, 5 };
        static const uint32_t wanted[] = { 3, 1, 4, 0, 2, 3 };
        SortValue values[ELEMENTSOF(numbers)];
        uint32_t ranks[ELEMENTSOF(numbers)];

        for (size_t i = 0; i < ELEMENTSOF(numbers); i++) {
                values[i] = sort_value_number(numbers[i]);
                values[i].row = (uint32_t) i;
        }
        sort_rank(values, ELEMENTSOF(numbers), ranks);
        for (size_t i = 0; i < ELEMENTSOF(numbers); i++)
                CHECK_NUMBER(ranks[i], wanted[i]);
}

TEST("rows of one rank stay in their order, forwards and backwards") {
        static const uint32_t ranks[] = { 1, 0, 1, 2, 0 };
        static const uint32_t forwards[] = { 1, 4, 0, 2, 3 }, backwards[] = { 3, 0, 2, 1, 4 };
        uint32_t rows[] = { 0, 1, 2, 3, 4 };

        sort_order_by(rows, ELEMENTSOF(rows), ranks, false);
        CHECK(memcmp(rows, forwards, sizeof(rows)) == 0);
        sort_order_by(rows, ELEMENTSOF(rows), ranks, true);
        CHECK(memcmp(rows, backwards, sizeof(rows)) == 0);
        sort_order_by(rows, 0, ranks, true);
}

TESTS_END
