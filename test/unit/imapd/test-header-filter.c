/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"

#include "basic/buffer.h"
#include "basic/text.h"
#include "imapd/header-filter.h"

static void on_octets(void *userdata, const char *data, size_t size) {
        buffer_append(userdata, data, size);
}

/* The header is fed in pieces of step octets. */
static char *filtered(const char *header, const char *name, bool inverted, size_t step) {
        _cleanup_buffer_ Buffer target = { 0 };
        HeaderFilter filter;
        size_t size = strlen(header);

        header_filter_init(&filter, &name, name ? 1 : 0, inverted);
        for (size_t at = 0; at < size; at += step)
                header_filter_feed(&filter, header + at, MIN(step, size - at), on_octets, &target);
        header_filter_finish(&filter, on_octets, &target);
        return buffer_take_text(&target);
}

static const struct {
        const char *header, *name;
        bool inverted;
        const char *want;
} examples[] = {
        { "From: a\nSubject: b\nTo: c\n\n", "Subject", false, "Subject: b\n\r\n" },
        { "From: a\nSUBJECT: b\nTo: c\n\n", "subject", false, "SUBJECT: b\n\r\n" },
        { "From: a\nSubject: b\nTo: c\n\n", "subject", true, "From: a\nTo: c\n\r\n" },
        { "Subject: b\n folded\n\tagain\nTo: c\n\n", "subject", false, "Subject: b\n folded\n\tagain\n\r\n" },
        { "Subject: b\n folded: x\nTo: c\n\n", "subject", true, "To: c\n\r\n" },
        { "Subject : b\r\n\r\n", "subject", false, "Subject : b\r\n\r\n" },
        { "Subject: a\nx\nSubject: b\n\n", "subject", false, "Subject: a\nSubject: b\n\r\n" },
        { "no colon\nSubject: a\n\n", "subject", true, "no colon\n\r\n" },
        { "Subjects: a\nSubjec: b\n\n", "subject", false, "\r\n" },
        { "\nSubject: in the body\n", "subject", false, "\r\n" },
        { "", "subject", false, "" },
        { "Subject: no end", "subject", false, "Subject: no end" },
        { "To: x\nunfinished", "subject", true, "To: x\nunfinished" },
        { " continues nothing\nA: 1\n\n", NULL, true, " continues nothing\nA: 1\n\r\n" },
        { "A: 1\nB: 2\n\n", NULL, true, "A: 1\nB: 2\n\r\n" },
};

TEST("fields are chosen by name, with their continuations, and the blank line at the end stays") {
        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *got = filtered(examples[i].header, examples[i].name,
                                                    examples[i].inverted, 1000);
                CHECK_TEXT(got, examples[i].want);
        }
}

TEST("the pieces in which a header arrives make no difference") {
        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                for (size_t step = 1; step < 6; step++) {
                        _cleanup_free_ char *got = filtered(examples[i].header, examples[i].name,
                                                            examples[i].inverted, step);
                        CHECK_TEXT(got, examples[i].want);
                }
}

TEST("a field name without end is kept or dropped whole") {
        _cleanup_buffer_ Buffer header = { 0 };
        _cleanup_free_ char *dropped = NULL, *kept = NULL;

        for (int i = 0; i < 5000; i++)
                buffer_append_char(&header, 'x');
        buffer_append_text(&header, ": y\nSubject: s\n\n");

        dropped = filtered(header.data, "Subject", false, 700);
        CHECK_TEXT(dropped, "Subject: s\n\r\n");
        kept = filtered(header.data, "Subject", true, 700);
        CHECK_NUMBER(strlen(kept), 5000 + 4 + 2);
}

TESTS_END
