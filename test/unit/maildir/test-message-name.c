/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/text.h"
#include "harness.h"
#include "maildir/message-name.h"

static const struct {
        const char *name;
        size_t base_size;
        MessageSuffix suffix;
        MessageFlags flags;
        const char *rewritten; /* with the same flags */
} examples[] = {
        { "1.a",            3, MESSAGE_SUFFIX_NONE,  0, "1.a" },
        { "1.a:2,",         3, MESSAGE_SUFFIX_FLAGS, 0, "1.a:2," },
        { "1.a:2,SF",       3, MESSAGE_SUFFIX_FLAGS, FLAG_SEEN | FLAG_FLAGGED, "1.a:2,FS" },
        { "1.a:2,DFRST",    3, MESSAGE_SUFFIX_FLAGS, FLAGS_STORED, "1.a:2,DFRST" },
        { "1.a:2,aPS",      3, MESSAGE_SUFFIX_FLAGS, FLAG_SEEN, "1.a:2,PSa" },
        { "1.a:2,S,x1",     3, MESSAGE_SUFFIX_FLAGS, FLAG_SEEN, "1.a:2,Sx" },
        { "1.a:1,S",        3, MESSAGE_SUFFIX_ODD,   0, "1.a:2," },
        { "1.a:",           3, MESSAGE_SUFFIX_ODD,   0, "1.a:2," },
        { "1.a:x:2,S",      3, MESSAGE_SUFFIX_ODD,   FLAG_SEEN, "1.a:2,S" },
        { "1.a,S=35:2,T",   8, MESSAGE_SUFFIX_FLAGS, FLAG_DELETED, "1.a,S=35:2,T" },
        { "",               0, MESSAGE_SUFFIX_NONE,  0, "" },
};

TEST("flags are read in any order and written in ASCII order, other letters stay") {
        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *rewritten = NULL;
                MessageName name;

                message_name_parse(examples[i].name, &name);
                CHECK_NUMBER(name.base_size, examples[i].base_size);
                CHECK_NUMBER(name.suffix, examples[i].suffix);
                CHECK_NUMBER(name.flags, examples[i].flags);
                rewritten = message_name_format(examples[i].name, name.base_size, name.suffix, name.flags,
                                                name.letters);
                CHECK_TEXT(rewritten, examples[i].rewritten);
        }
}

TEST("a size is in the name if it is a number that ends") {
        static const struct {
                const char *base;
                char which;
                bool has;
                uint64_t size;
        } sizes[] = {
                { "1.a,S=35", 'S', true, 35 },      { "1.a,S=35,W=40", 'W', true, 40 },
                { "1.a,W=40,S=35", 'S', true, 35 }, { "1.a", 'S', false, 0 },
                { "1.a,S=", 'S', false, 0 },        { "1.a,S=3x", 'S', false, 0 },
                { ",S=1", 'S', true, 1 },           { "1.a,S=99999999999999999999999", 'S', false, 0 },
        };

        for (size_t i = 0; i < ELEMENTSOF(sizes); i++) {
                uint64_t size = 0;

                CHECK_NUMBER(message_name_size(sizes[i].base, strlen(sizes[i].base), sizes[i].which, &size),
                             sizes[i].has);
                CHECK_NUMBER(size, sizes[i].size);
        }
}

TEST("names are the same message with any flags and with or without a size") {
        CHECK(message_name_is_same("1.a:2,S", "1.a"));
        CHECK(message_name_is_same("1.a,S=35:2,S", "1.a:2,"));
        CHECK(message_name_is_same("1.a,S=35,W=4", "1.a,W=4"));
        CHECK(!message_name_is_same("1.a,W=35", "1.a"));
        CHECK(!message_name_is_same("1.a", "1.ab"));
        CHECK(!message_name_is_same("1.a,S=1x", "1.a"));
        CHECK(message_name_is_same("", ":2,"));
}

TEST("messages are numbered by the time in their names, then by octets") {
        static const char *const ascending[] = {
                "abc", "9.M1P1.host", "10.M1P1.host", "10.M1P1.host,S=3", "10.M2P1.host", "10.a", "10.b:2,A",
                "99999999999.x", "18446744073709551615999.x",
        };

        for (size_t i = 0; i < ELEMENTSOF(ascending); i++)
                for (size_t j = 0; j < ELEMENTSOF(ascending); j++) {
                        int order = message_name_compare(ascending[i], ascending[j]);

                        CHECK((order > 0) - (order < 0) == (i > j) - (i < j));
                }
        CHECK_NUMBER(message_name_compare("1.a:2,S", "1.a:2,F"), 0);
}

TESTS_END
