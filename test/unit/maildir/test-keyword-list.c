/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/text.h"
#include "harness.h"
#include "maildir/keyword-list.h"

static char *describe(const KeywordList *list) {
        Buffer result = { 0 };

        buffer_append_text(&result, "");
        for (size_t i = 0; i < list->n_entries; i++) {
                buffer_printf(&result, "%s%s", i > 0 ? " " : "", list->entries[i].base);
                for (size_t k = 0; k < list->entries[i].n_numbers; k++)
                        buffer_printf(&result, "+%s", list->names.names[list->entries[i].numbers[k]]);
        }
        return buffer_take_text(&result);
}

TEST("a list is read, whatever is wrong with it") {
        static const struct {
                const char *file, *want;
        } examples[] = {
                { "kwb\nkwa\n\n1.a,S=35:1\n2.b:0 1\n", "1.a,S=35+kwa 2.b+kwb+kwa" },
                { "kwb\nkwa\n\n1.a:0,1x0\n", "1.a+kwb+kwa" },
                { "kw\n\n1.a:7 0 99999999999999999999\n", "1.a+kw" },
                { "kw\nKW\n\n1.a:0\n2.b:1\n3.c:0 1\n", "1.a+kw 2.b+kw 3.c+kw" },
                { "b(d k\n\n1.a:0\n", "1.a+b_d_k" },
                { "kw\n\n1.a:0\n1.a:0\nno colon\n:0\n2.b:\n", "1.a+kw" },
                { "kw\n", "" }, { "", "" }, { "\n", "" }, { "\n1.a:0\n", "" },
                { "kw\n\n1.a:0", "1.a+kw" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_keyword_list_ KeywordList list = { 0 };
                _cleanup_free_ char *got = NULL;

                keyword_list_parse(examples[i].file, strlen(examples[i].file), &list);
                got = describe(&list);
                CHECK_TEXT(got, examples[i].want);
        }
}

TEST("an update file overrides the list, an empty one takes all keywords away") {
        static const char file[] = "kw\n\n1.a:0\n3.c:0\n";
        _cleanup_keyword_list_ KeywordList list = { 0 };
        _cleanup_free_ char *got = NULL;

        keyword_list_parse(file, strlen(file), &list);
        keyword_list_set(&list, "2.b", "new\nkw\n", 7);
        keyword_list_set(&list, "3.c", "", 0);
        got = describe(&list);
        CHECK_TEXT(got, "1.a+kw 2.b+new+kw 3.c");
        CHECK(keyword_list_find(&list, "2.b") != NULL);
        CHECK(keyword_list_find(&list, "2.bb") == NULL);
}

TEST("what is written is what Courier writes") {
        static const char *const names[] = { "kwb", "kwa" };
        static const uint32_t numbers[] = { 0, 1 };
        _cleanup_buffer_ Buffer file = { 0 };

        keyword_list_append_names(&file, names, 2);
        keyword_list_append_entry(&file, "1.a", numbers + 1, 1);
        keyword_list_append_entry(&file, "2.b", numbers, 2);
        CHECK_TEXT(file.data, "kwb\nkwa\n\n1.a:1\n2.b:0 1\n");
}

TESTS_END
