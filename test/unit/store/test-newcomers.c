/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that the index does not know: few, and more than are kept in memory. */
#include "index/region.h"
#include "maildir/message-name.h"
#include "store-fixture.h"
#include "store/newcomers.h"

enum { N_MANY = 600 * 1000 }; /* three runs and a rest */

/* All names are different; the order in which they come is not the one they are wanted in. */
static void add(Newcomers *newcomers, unsigned number, uint32_t uid) {
        _cleanup_free_ char *name = text_printf("%u.M%06uP1.a-host-with-a-long-name:2,S",
                                                1700000000 + number / 3, number);

        newcomers_add(newcomers, name, uid, DIRECTORY_KIND_FILE);
}

static void add_many(Newcomers *newcomers) {
        for (unsigned i = 0; i < N_MANY; i++) {
                unsigned number = (unsigned) ((uint64_t) i * 7919 % N_MANY);

                add(newcomers, number, number % 10 == 0 ? N_MANY - number : 0);
        }
}

/* Return: how many there were; those with a UID come first. */
static size_t check_order(Newcomers *newcomers) {
        char last[256] = "";
        uint32_t last_uid = 0;
        Newcomer newcomer;
        size_t n = 0;

        while (newcomers_take(newcomers, &newcomer) == 0 && newcomer.name) {
                if (newcomer.key.uid > 0)
                        CHECK(newcomer.key.uid > last_uid);
                else if (last_uid == 0)
                        CHECK(message_name_compare(last, newcomer.name) < 0);
                last_uid = newcomer.key.uid;
                (void) snprintf(last, sizeof(last), "%s", newcomer.name);
                n++;
        }
        return n;
}

TEST("a few are sorted in memory, those with a UID first") {
        _cleanup_(newcomers_done) Newcomers newcomers = { 0 };
        static const char *const order[] = { "9.d:2,", "8.c:2,S", "1.e", "3.a:2,", "3.b", "20.a" };
        Newcomer newcomer;

        newcomers_add(&newcomers, order[5], 0, DIRECTORY_KIND_FILE);
        newcomers_add(&newcomers, order[4], 0, DIRECTORY_KIND_FILE);
        newcomers_add(&newcomers, order[3], 0, DIRECTORY_KIND_UNKNOWN);
        newcomers_add(&newcomers, order[1], 7, DIRECTORY_KIND_FILE);
        newcomers_add(&newcomers, order[2], 0, DIRECTORY_KIND_FILE);
        newcomers_add(&newcomers, order[0], 6, DIRECTORY_KIND_FILE);
        CHECK_NUMBER(newcomers.n, 6);
        for (size_t i = 0; i < ELEMENTSOF(order); i++) {
                CHECK_NUMBER(newcomers_take(&newcomers, &newcomer), 0);
                CHECK_TEXT(newcomer.name, order[i]);
                CHECK(newcomer.key.kind_unknown == (i == 3));
        }
        CHECK_NUMBER(newcomers_take(&newcomers, &newcomer), 0);
        CHECK(!newcomer.name);
}

TEST("many are sorted in runs, and memory does not grow with them") {
        _cleanup_fixture_ Fixture fixture = { 0 };
        _cleanup_(newcomers_done) Newcomers newcomers = { 0 };
        _cleanup_close_ int dir = -EBADF;

        fixture_init(&fixture);
        dir = open(fixture.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        newcomers.spill_dir = &dir;
        add_many(&newcomers);
        CHECK(newcomers.runs);
        CHECK(newcomers.names.size < NEWCOMERS_RUN_OCTETS && newcomers.n_list < N_MANY / 2);
        CHECK_NUMBER(check_order(&newcomers), N_MANY);
        CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
}

TEST("many are sorted in memory where there can be no file") {
        _cleanup_(newcomers_done) Newcomers newcomers = { 0 };
        _cleanup_close_ int dir = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        newcomers.spill_dir = &dir;
        log_set_max_level(LOG_CRIT);
        add_many(&newcomers);
        CHECK(!newcomers.runs);
        CHECK_NUMBER(check_order(&newcomers), N_MANY);
}

TESTS_END
