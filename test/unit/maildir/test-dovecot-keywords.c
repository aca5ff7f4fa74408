/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maildir/dovecot-keywords.h"
#include "maildir-fixture.h"

static char *describe(const DovecotKeywords *keywords) {
        Buffer result = { 0 };

        buffer_append_text(&result, "");
        for (size_t i = 0; i < keywords->n_names; i++)
                if (keywords->names[i])
                        buffer_printf(&result, "%zu=%s ", i, keywords->names[i]);
        return buffer_take_text(&result);
}

TEST("numbers and names are read; of doubles the first counts") {
        static const struct {
                const char *file, *want;
        } examples[] = {
                { "0 $Forwarded\n1 NonJunk\n", "0=$Forwarded 1=NonJunk " },
                { "3 d\n30 over\n0 a", "0=a 3=d 30=over " },
                { "0 a\n0 b\n1 A\n2 c\n", "0=a 2=c " },
                { "\n0\n1 \nx y\n-1 z\n2  two\n4096 much\n99999999999999999999 more\n", "2=_two " },
                { "0 (bad)\r\n", "0=_bad__ " },
                { "", "" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_(dovecot_keywords_freep) DovecotKeywords *keywords =
                        dovecot_keywords_parse(examples[i].file, strlen(examples[i].file));
                _cleanup_free_ char *got = describe(keywords);

                CHECK_TEXT(got, examples[i].want);
        }
}

TEST("a new keyword gets the smallest free number, up to a limit") {
        _cleanup_(dovecot_keywords_freep) DovecotKeywords *keywords = dovecot_keywords_parse("1 b\n", 4);
        size_t number = 99;

        CHECK(dovecot_keywords_add(keywords, "x", &number));
        CHECK_NUMBER(number, 0);
        CHECK(dovecot_keywords_add(keywords, "B", &number));
        CHECK_NUMBER(number, 1);
        CHECK(dovecot_keywords_add(keywords, "y", &number));
        CHECK_NUMBER(number, 2);
        for (int i = 3; i < DOVECOT_KEYWORDS_MAX; i++) {
                _cleanup_free_ char *name = text_printf("k%d", i);

                CHECK(dovecot_keywords_add(keywords, name, &number));
        }
        CHECK(!dovecot_keywords_add(keywords, "one-more", &number));
        CHECK(!dovecot_keywords_find(keywords, "one-more", &number));
}

TEST("what is written reads as it was") {
        _cleanup_(fixture_done) Fixture fixture;
        _cleanup_(dovecot_keywords_freep) DovecotKeywords *keywords = NULL, *again = NULL;
        _cleanup_free_ char *got = NULL, *octets = NULL;
        size_t size;

        fixture_init(&fixture);
        CHECK_NUMBER(dovecot_keywords_read(&fixture.folder, &keywords), DISK_MISSING);
        keywords = dovecot_keywords_parse("0 a\n30 z\n", 9);
        CHECK_NUMBER(dovecot_keywords_write(&fixture.folder, &fixture.names, keywords), DISK_DONE);
        CHECK_NUMBER(disk_read(fixture.folder.dir_fd, "dovecot-keywords", 100, &octets, &size, NULL), DISK_DONE);
        CHECK_TEXT(octets, "0 a\n30 z\n");
        CHECK_NUMBER(dovecot_keywords_read(&fixture.folder, &again), DISK_DONE);
        got = describe(again);
        CHECK_TEXT(got, "0=a 30=z ");
}

TESTS_END
