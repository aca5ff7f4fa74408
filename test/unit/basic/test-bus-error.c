/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mapped files that somebody truncates. */
#include "basic/bus-error.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

enum { PAGES = 3 };

typedef struct Fixture {
        BusErrorRange range;
        size_t page;
        char *data;
        int fd;
} Fixture;

/* A file of some pages of 'x', mapped. */
static void fixture_init(Fixture *fixture, int flags) {
        char path[] = "/tmp/test-bus-error-XXXXXX";
        static char octets[PAGES * 65536];

        memset(octets, 'x', sizeof(octets));
        fixture->page = (size_t) sysconf(_SC_PAGESIZE);
        fixture->fd = mkstemp(path);
        CHECK(fixture->fd >= 0 && unlink(path) == 0);
        CHECK_NUMBER(write(fixture->fd, octets, PAGES * fixture->page), PAGES * fixture->page);
        fixture->data = mmap(NULL, PAGES * fixture->page, PROT_READ | PROT_WRITE, flags, fixture->fd, 0);
        CHECK(fixture->data != MAP_FAILED);
        bus_error_watch(&fixture->range, fixture->data, PAGES * fixture->page);
}

static void fixture_done(Fixture *fixture) {
        bus_error_forget(&fixture->range);
        (void) munmap(fixture->data, PAGES * fixture->page);
        (void) close(fixture->fd);
}

#define _cleanup_fixture_ __attribute__((__cleanup__(fixture_done)))

static char look(const Fixture *fixture, size_t page) {
        return *(volatile char *) (fixture->data + page * fixture->page);
}

TEST("a page that is no longer in the file is zeros, and its range is marked") {
        static const int kinds[] = { MAP_PRIVATE, MAP_SHARED };

        for (size_t i = 0; i < 2; i++) {
                _cleanup_fixture_ Fixture fixture;

                fixture_init(&fixture, kinds[i]);
                CHECK_NUMBER(look(&fixture, 2), 'x');
                CHECK(!bus_error_has_failed(&fixture.range));
                CHECK(ftruncate(fixture.fd, (off_t) fixture.page) == 0);
                CHECK_NUMBER(look(&fixture, 0), 'x');
                CHECK(!bus_error_has_failed(&fixture.range));
                CHECK_NUMBER(look(&fixture, 2), 0);
                CHECK(bus_error_has_failed(&fixture.range));
                fixture.data[fixture.page] = 'y'; /* written to, it is only memory */
                CHECK_NUMBER(look(&fixture, 1), 'y');
        }
}

TEST("of two files only the one that was truncated is marked") {
        _cleanup_fixture_ Fixture one, other;

        fixture_init(&one, MAP_PRIVATE);
        fixture_init(&other, MAP_PRIVATE);
        CHECK(ftruncate(one.fd, 0) == 0);
        CHECK_NUMBER(look(&one, 1) + look(&other, 1), 'x');
        CHECK(bus_error_has_failed(&one.range));
        CHECK(!bus_error_has_failed(&other.range));
}

static int signal_that_ends(void (*attempt)(Fixture *)) {
        pid_t child = fork();
        int status = 0;

        if (child == 0) {
                Fixture fixture;

                fixture_init(&fixture, MAP_PRIVATE);
                bus_error_forget(&fixture.range); /* brings back the handler of before, a sanitizer's perhaps */
                (void) signal(SIGBUS, SIG_DFL);
                bus_error_watch(&fixture.range, fixture.data, fixture.page);
                attempt(&fixture);
                _exit(0);
        }
        CHECK(child > 0 && waitpid(child, &status, 0) == child);
        return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void look_outside(Fixture *fixture) {
        CHECK(ftruncate(fixture->fd, 0) == 0);
        (void) look(fixture, 1); /* mapped, but beyond what is watched */
}

static void look_inside(Fixture *fixture) {
        CHECK(ftruncate(fixture->fd, 0) == 0);
        (void) look(fixture, 0);
}

static void send_signal(Fixture *fixture) {
        (void) fixture;
        (void) kill(getpid(), SIGBUS);
        (void) kill(getpid(), SIGBUS); /* the first one took our handler away */
}

TEST("other bus errors still end the process") {
        CHECK_NUMBER(signal_that_ends(look_inside), 0);
        CHECK_NUMBER(signal_that_ends(look_outside), SIGBUS);
        CHECK_NUMBER(signal_that_ends(send_signal), SIGBUS);
}

TEST("after the last range is forgotten the handler before ours is back") {
        struct sigaction now;

        {
                _cleanup_fixture_ Fixture fixture;

                fixture_init(&fixture, MAP_PRIVATE);
                CHECK(sigaction(SIGBUS, NULL, &now) == 0 && now.sa_flags & SA_SIGINFO);
                CHECK(now.sa_sigaction != NULL);
                bus_error_forget(&(BusErrorRange){ 0 });
                CHECK(ftruncate(fixture.fd, 0) == 0);
                CHECK_NUMBER(look(&fixture, 0), 0);
        }
        struct sigaction after;
        CHECK(sigaction(SIGBUS, NULL, &after) == 0);
        CHECK(after.sa_sigaction != now.sa_sigaction);
}

TESTS_END
