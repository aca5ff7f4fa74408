/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "index/header-block.h"

#include "basic/text.h"
#include "harness.h"

static const char mail[] =
        "Received: from a\n by b\n"
        "From: Ann <ann@example.com>\n"
        "To: bob@example.com,\n carol@example.com\n"
        "X-Odd: first\n"
        "no colon here\n continues\n"
        "subject : obsolete\r\n"
        "X-ODD: second\n"
        "Date: now\n"
        "\n"
        "From: in the body\n";

/* The fields of a block that was made with some names beside the fixed list; "-": cannot say. */
static char *choose(const char *header, const char *made_with, const char *const *names, size_t n) {
        HeaderChoice asked, choice;
        Buffer block = { 0 }, lines = { 0 };

        CHECK(header_choice_init(&asked, &made_with, made_with ? 1 : 0));
        CHECK(header_choice_init(&choice, names, n));
        CHECK(header_block_build(header, strlen(header), &asked.asked, &block));
        buffer_append_text(&lines, "");
        if (!header_block_choose(block.data, block.size, &choice, &lines))
                buffer_append_text(&lines, "-");
        buffer_done(&block);
        return buffer_take_text(&lines);
}

#define CHECK_CHOICE(header, made_with, want, ...)                                            \
        do {                                                                                  \
                const char *names[] = { __VA_ARGS__ };                                        \
                _cleanup_free_ char *is = choose(header, made_with, names, ELEMENTSOF(names)); \
                CHECK_TEXT(is, want);                                                         \
        } while (0)

TEST("fields of the fixed list are chosen in the order of the header, as on the wire") {
        CHECK_CHOICE(mail, NULL, "From: Ann <ann@example.com>\r\nDate: now\r\n\r\n", "date", "FROM");
        CHECK_CHOICE(mail, NULL,
                     "To: bob@example.com,\r\n carol@example.com\r\nsubject : obsolete\r\n\r\n",
                     "Subject", "To");
        CHECK_CHOICE(mail, NULL, "\r\n", "Message-ID");
}

TEST("another field is known when it was looked for, whether it is there or not") {
        CHECK_CHOICE(mail, NULL, "-", "X-Odd");
        CHECK_CHOICE(mail, "x-odd", "X-Odd: first\r\nX-ODD: second\r\n\r\n", "X-Odd");
        CHECK_CHOICE(mail, "X-Odd", "-", "X-Odd", "X-Even");
        CHECK_CHOICE(mail, "X-Even", "Date: now\r\n\r\n", "X-Even", "Date");
}

TEST("a header without its blank line gives none") {
        CHECK_CHOICE("Date: now\n", NULL, "Date: now\r\n", "Date");
        CHECK_CHOICE("Date: now", NULL, "Date: now", "Date");
        CHECK_CHOICE("", NULL, "", "Date");
        CHECK_CHOICE("\n", NULL, "\r\n", "Date");
        CHECK_CHOICE("\r\n", NULL, "\r\n", "Date");
}

TEST("a NUL becomes 0x80") {
        _cleanup_buffer_ Buffer block = { 0 }, lines = { 0 };
        const char *name = "Date";
        HeaderChoice choice;

        CHECK(header_choice_init(&choice, &name, 1));
        CHECK(header_block_build("Date: \0\n", 8, &choice.asked, &block));
        CHECK(header_block_choose(block.data, block.size, &choice, &lines));
        CHECK_TEXT(lines.data, "Date: \x80\r\n");
}

TEST("more names than a block can know are refused") {
        char *names[HEADER_ASKED_MAX + 1];
        HeaderChoice choice;

        for (size_t i = 0; i < ELEMENTSOF(names); i++)
                names[i] = text_printf("X-Name-%zu", i);
        CHECK(header_choice_init(&choice, (const char *const *) names, HEADER_ASKED_MAX));
        CHECK(!header_choice_init(&choice, (const char *const *) names, HEADER_ASKED_MAX + 1));
        for (size_t i = 0; i < ELEMENTSOF(names); i++)
                free(names[i]);
}

TEST("a header with too many octets or fields makes no block") {
        _cleanup_buffer_ Buffer header = { 0 }, block = { 0 };
        HeaderAsked nothing = { 0 };

        for (int i = 0; i < HEADER_BLOCK_FIELDS_MAX; i++)
                buffer_append_text(&header, "To: a\n");
        CHECK(header_block_build(header.data, header.size, &nothing, &block));
        buffer_append_text(&header, "To: a\n");
        buffer_clear(&block);
        CHECK(!header_block_build(header.data, header.size, &nothing, &block));
        CHECK_NUMBER(block.size, 0);

        buffer_clear(&header);
        buffer_append_text(&header, "Subject: ");
        for (int i = 0; i < HEADER_BLOCK_MAX; i++)
                buffer_append_char(&header, 'x');
        CHECK(!header_block_build(header.data, header.size, &nothing, &block));
        CHECK_NUMBER(block.size, 0);
}

TEST("a block that is none, cut or changed anywhere, leads nowhere") {
        const char *names[] = { "From", "Date", "X-Odd" };
        _cleanup_buffer_ Buffer block = { 0 };
        HeaderChoice choice;

        CHECK(header_choice_init(&choice, names, ELEMENTSOF(names)));
        CHECK(header_block_build(mail, strlen(mail), &choice.asked, &block));
        for (size_t size = 0; size < block.size; size++) {
                _cleanup_free_ char *cut = memory_copy(block.data, size);
                _cleanup_buffer_ Buffer lines = { 0 };

                CHECK(!header_block_choose(cut, size, &choice, &lines) && lines.size == 0);
        }
        for (size_t at = 0; at < 8 * block.size; at++) {
                _cleanup_free_ char *changed = memory_copy(block.data, block.size);
                _cleanup_buffer_ Buffer lines = { 0 };
                HeaderAsked asked;

                changed[at / 8] ^= (char) (1 << at % 8);
                (void) header_block_choose(changed, block.size, &choice, &lines);
                (void) header_block_asked(changed, block.size, &asked);
                CHECK(lines.size <= block.size + 2);
        }
}

TESTS_END
