/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The unit harness: one page that prints TAP.
 *
 * TEST("a mailbox name of two levels round-trips") { CHECK(a == b); CHECK_TEXT(got, "want"); }
 * TESTS_END at the end of the file. A test's name is a sentence; examples are tables.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "basic/memory.h"

typedef struct UnitTest {
        const char *name;
        void (*run)(void);
        struct UnitTest *next;
} UnitTest;

static UnitTest *unit_first, **unit_last = &unit_first;
static bool unit_failed;

#define UNIT_GLUE_2(a, b) a##b
#define UNIT_GLUE(a, b) UNIT_GLUE_2(a, b)
#define TEST(sentence)                                                                        \
        static void UNIT_GLUE(test_, __LINE__)(void);                                         \
        static UnitTest UNIT_GLUE(unit_, __LINE__) = { sentence, UNIT_GLUE(test_, __LINE__), NULL }; \
        __attribute__((constructor)) static void UNIT_GLUE(add_, __LINE__)(void) {            \
                *unit_last = &UNIT_GLUE(unit_, __LINE__);                                     \
                unit_last = &UNIT_GLUE(unit_, __LINE__).next;                                 \
        }                                                                                     \
        static void UNIT_GLUE(test_, __LINE__)(void)

#define CHECK(condition)                                                                      \
        do {                                                                                  \
                if (!(condition)) {                                                           \
                        printf("# %s:%d: not true: %s\n", __FILE__, __LINE__, #condition);    \
                        unit_failed = true;                                                   \
                }                                                                             \
        } while (0)

#define CHECK_NUMBER(got, want)                                                               \
        do {                                                                                  \
                long long unit_got = (long long) (got), unit_want = (long long) (want);       \
                if (unit_got != unit_want) {                                                  \
                        printf("# %s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #got,   \
                               unit_got, unit_want);                                          \
                        unit_failed = true;                                                   \
                }                                                                             \
        } while (0)

#define CHECK_TEXT(got, want)                                                                 \
        do {                                                                                  \
                const char *unit_got = (got), *unit_want = (want);                            \
                if (!unit_got || !unit_want ? unit_got != unit_want : strcmp(unit_got, unit_want) != 0) { \
                        printf("# %s:%d: %s is\n#   %s\n# and not\n#   %s\n", __FILE__, __LINE__, #got, \
                               unit_got ? unit_got : "(null)", unit_want ? unit_want : "(null)"); \
                        unit_failed = true;                                                   \
                }                                                                             \
        } while (0)

#define TESTS_END                                                                             \
        int main(void) {                                                                      \
                int n = 0, n_failed = 0;                                                      \
                for (UnitTest *test = unit_first; test; test = test->next) {                  \
                        unit_failed = false;                                                  \
                        test->run();                                                          \
                        printf("%s %d - %s\n", unit_failed ? "not ok" : "ok", ++n, test->name); \
                        fflush(stdout);                                                       \
                        n_failed += unit_failed;                                              \
                }                                                                             \
                printf("1..%d\n", n);                                                         \
                return n_failed > 0;                                                          \
        }
