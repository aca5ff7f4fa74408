/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/base-subject.h"

static void check(const char *subject, const char *base, bool is_reply) {
        _cleanup_buffer_ Buffer text = { 0 }, got = { 0 };
        BaseSubject found;

        buffer_append_text(&text, subject);
        base_subject_find(&text, &found);
        buffer_append(&got, found.text, found.size);
        CHECK_TEXT(got.data, base);
        if (found.is_reply != is_reply) {
                printf("# '%s'\n", subject);
                CHECK_NUMBER(found.is_reply, is_reply);
        }
}

typedef struct Example {
        const char *subject, *base;
        bool is_reply;
} Example;

static void check_all(const Example *examples, size_t n) {
        for (size_t i = 0; i < n; i++)
                check(examples[i].subject, examples[i].base, examples[i].is_reply);
}

TEST("step 1: white space is one space") {
        static const Example examples[] = {
                { "", "", false },
                { "   ", "", false },
                { "hello", "hello", false },
                { "a\tb", "a b", false },
                { "a \t  b\r\n c", "a b c", false },
        };

        check_all(examples, ELEMENTSOF(examples));
}

TEST("step 2: (fwd) and spaces at the end go, again and again") {
        static const Example examples[] = {
                { "hello  ", "hello", false },
                { "hello (fwd)", "hello", true },
                { "hello(FWD) (fwd)  (Fwd)", "hello", true },
                { "(fwd)", "", true },
                { "hello (fwd) x", "hello (fwd) x", false },
                { "hello fwd)", "hello fwd)", false },
        };

        check_all(examples, ELEMENTSOF(examples));
}

TEST("step 3: leaders go") {
        static const Example examples[] = {
                { "  hello", "hello", false },
                { "Re: hello", "hello", true },
                { "re:hello", "hello", true },
                { "RE :hello", "hello", true },
                { "Fw: hello", "hello", true },
                { "FWD: hello", "hello", true },
                { "fwd [x]: hello", "hello", true },
                { "Re[2]: hello", "hello", true },
                { "Re [2] : hello", "hello", true },
                { "Re: Fwd: re: hello", "hello", true },
                { "[list] Re: hello", "hello", true },
                { "[a] [b]Re: hello", "hello", true },
                { "Re: [list] Re: hello", "hello", true },
                { "Re hello", "Re hello", false },
                { "Re[2] hello", "Re[2] hello", false },
                { "Reply: hello", "Reply: hello", false },
                { "Re[a[b]: hello", "Re[a[b]: hello", false },
                { "Aw: hello", "Aw: hello", false },
                { "Re:", "", true },
                { "f", "f", false },
                { "fw", "fw", false },
        };

        check_all(examples, ELEMENTSOF(examples));
}

TEST("step 4: a blob goes if something is left") {
        static const Example examples[] = {
                { "[list] hello", "hello", false },
                { "[list]hello", "hello", false },
                { "[a] [b] hello", "hello", false },
                { "[list]", "[list]", false },
                { "[a] [b]", "[b]", false },
                { "[a] [b] ", "[b]", false },
                { "[] x", "x", false },
                { "[list hello", "[list hello", false },
                { "[li[st] hello", "[li[st] hello", false },
                { "hello [list]", "hello [list]", false },
        };

        check_all(examples, ELEMENTSOF(examples));
}

TEST("step 5: leaders and blobs alternate") {
        static const Example examples[] = {
                { "[a] Re: [b] Fwd[c]: [d] hello", "hello", true },
                { "Re: [list]", "[list]", true },
                { "[a] Re: [b] [c]", "[c]", true },
                { "Re: [a] Re:", "", true },
        };

        check_all(examples, ELEMENTSOF(examples));
}

TEST("step 6: [fwd: …] is taken off, and everything starts again") {
        static const Example examples[] = {
                { "[fwd: hello]", "hello", true },
                { "[Fwd:hello (fwd)]", "hello", true },
                { "[fwd: Re: [x] hello]", "hello", true },
                { "[FWD: [fwd: hello]]", "hello", true },
                { "[fwd: hello] (fwd)", "hello", true },
                { "Re: [fwd: hello]", "hello", true },
                { "[fwd: hello] there", "there", false },
                { "[fwd: hello", "[fwd: hello", false },
                { "[fwd:]", "", true },
        };

        check_all(examples, ELEMENTSOF(examples));
}

TEST("time is linear in what somebody sends") {
        static const struct {
                const char *front, *middle, *back;
        } examples[] = {
                { "[a]", "x", "" }, { "[", "x", "" }, { "re:", "", "" }, { "[fwd:", "x", "]" },
                { "[a]re:", "x", "(fwd)" }, { "re[", "", "" }, { "re ", "", "" }, { "", "x", "(fwd) " },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_buffer_ Buffer text = { 0 };
                BaseSubject found;

                for (size_t k = 0; k < 300000; k++)
                        buffer_append_text(&text, examples[i].front);
                buffer_append_text(&text, examples[i].middle);
                for (size_t k = 0; k < 300000; k++)
                        buffer_append_text(&text, examples[i].back);
                base_subject_find(&text, &found);
                CHECK(found.size <= text.size);
        }
}

TESTS_END
