/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/address.h"

#include "basic/buffer.h"
#include "harness.h"

static void show_text(Buffer *out, const char *text) {
        if (text)
                buffer_printf(out, "'%s'", text);
        else
                buffer_append_text(out, "-");
}

/* Rows as (name route mailbox host), '-' for NULL. */
static char *show(const char *value, size_t limit) {
        _cleanup_arena_ Arena arena = { 0 };
        _cleanup_buffer_ Buffer out = { 0 };
        MimeAddressList list = { 0 };

        mime_addresses_parse(value, strlen(value), limit, &arena, &list);
        for (size_t i = 0; i < list.n_addresses; i++) {
                buffer_append_text(&out, i > 0 ? " (" : "(");
                show_text(&out, list.addresses[i].name);
                buffer_append_text(&out, " ");
                show_text(&out, list.addresses[i].route);
                buffer_append_text(&out, " ");
                show_text(&out, list.addresses[i].mailbox);
                buffer_append_text(&out, " ");
                show_text(&out, list.addresses[i].host);
                buffer_append_text(&out, ")");
        }
        return buffer_take_text(&out);
}

typedef struct Example {
        const char *value, *want;
} Example;

static void check_all(const Example *examples, size_t n_examples) {
        for (size_t i = 0; i < n_examples; i++) {
                _cleanup_free_ char *got = show(examples[i].value, 1000);

                CHECK_TEXT(got, examples[i].want);
        }
}

TEST("addresses of RFC 5322 are taken apart") {
        static const Example examples[] = {
                { "ann@example.com", "(- - 'ann' 'example.com')" },
                { "Ann <ann@example.com>", "('Ann' - 'ann' 'example.com')" },
                { "Ann B. Cee <ann@example.com>", "('Ann B. Cee' - 'ann' 'example.com')" },
                { "\"Bee, Ann\" <ann@example.com>", "('Bee, Ann' - 'ann' 'example.com')" },
                { "\"A \\\"x\\\" B\" <a@x>", "('A \"x\" B' - 'a' 'x')" },
                { "<ann@example.com>", "(- - 'ann' 'example.com')" },
                { "a@x, b@y", "(- - 'a' 'x') (- - 'b' 'y')" },
                { "ann@example.com (Ann Bee)", "('Ann Bee' - 'ann' 'example.com')" },
                { "\"ann smith\"@example.com", "(- - 'ann smith' 'example.com')" },
                { "ann@[192.0.2.1]", "(- - 'ann' '[192.0.2.1]')" },
                { "Ann\r\n\t<ann@example.com>,\r\n b@y", "('Ann' - 'ann' 'example.com') (- - 'b' 'y')" },
                { "=?utf-8?Q?J=C3=BCrgen?= <j@x>", "('=?utf-8?Q?J=C3=BCrgen?=' - 'j' 'x')" },
                { "Jos\xc3\xa9 <j@x>", "('Jos\xc3\xa9' - 'j' 'x')" },
                { "", "" },
                { " , ,", "" },
        };
        check_all(examples, ELEMENTSOF(examples));
}

TEST("groups are framed by rows without a host") {
        static const Example examples[] = {
                { "Friends: a@x, B <b@y>;", "(- - 'Friends' -) (- - 'a' 'x') ('B' - 'b' 'y') (- - - -)" },
                { "Undisclosed recipients:;", "(- - 'Undisclosed recipients' -) (- - - -)" },
                { "a@x, G: b@y; , c@z", "(- - 'a' 'x') (- - 'G' -) (- - 'b' 'y') (- - - -) (- - 'c' 'z')" },
                { "Open: a@x, b@y", "(- - 'Open' -) (- - 'a' 'x') (- - 'b' 'y') (- - - -)" },
                { ":;", "(- - '' -) (- - - -)" },
                { "One: a@x; Two: b@y;", "(- - 'One' -) (- - 'a' 'x') (- - - -) "
                                         "(- - 'Two' -) (- - 'b' 'y') (- - - -)" },
        };
        check_all(examples, ELEMENTSOF(examples));
}

TEST("obsolete forms are understood") {
        static const Example examples[] = {
                { "<@a.example,@b.example:ann@x>", "(- '@a.example,@b.example' 'ann' 'x')" },
                { "Ann <@a.example:ann@x>", "('Ann' '@a.example' 'ann' 'x')" },
                { "ann . b @ example . com", "(- - 'ann.b' 'example.com')" },
                { "Ann <ann(comment)@example.com>", "('Ann' - 'ann' 'example.com')" },
                { "(nested (comment) here) a@x", "(- - 'a' 'x')" },
                { "(a) ann@x (b) (c)", "('c' - 'ann' 'x')" },
        };
        check_all(examples, ELEMENTSOF(examples));
}

TEST("what is no address becomes one as well as it can") {
        static const Example examples[] = {
                { "ann", "(- - 'ann' '')" },
                { "Ann Bee", "(- - 'Ann Bee' '')" },
                { "<>", "(- - '' '')" },
                { "Ann <>", "('Ann' - '' '')" },
                { "@example.com", "(- - '' 'example.com')" },
                { "<@example.com>", "(- - '' 'example.com')" },
                { "ann@", "(- - 'ann' '')" },
                { "Ann <ann@example.com", "('Ann' - 'ann' 'example.com')" },
                { "ann@example.com>", "(- - 'ann' 'example.com')" },
                { "a@x b@y", "(- - 'a' 'x') (- - 'b' 'y')" },
                { "a@x; b@y", "(- - 'a' 'x') (- - 'b' 'y')" },
                { "Ann <a@x> trailing, b@y", "('Ann' - 'a' 'x') (- - 'b' 'y')" },
                { "Ann Bee ann@x", "('Ann Bee' - 'ann' 'x')" },
                { "ann@x <ann@x>", "('ann@x' - 'ann' 'x')" },
                { "a@b@c", "(- - 'a@b' 'c')" },
                { "(unclosed ann@x", "" },
                { "\"unclosed ann@x", "(- - 'unclosed ann@x' '')" },
        };
        check_all(examples, ELEMENTSOF(examples));
}

TEST("a list does not grow beyond its limit, and its group is closed") {
        _cleanup_free_ char *got = show("a@x, b@x, c@x, d@x", 3);
        _cleanup_free_ char *group = show("G: a@x, b@x, c@x, d@x;", 3);

        CHECK_TEXT(got, "(- - 'a' 'x') (- - 'b' 'x')");
        CHECK_TEXT(group, "(- - 'G' -) (- - 'a' 'x') (- - - -)");
}

TESTS_END
