/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/buffer.h"
#include "maildir-fixture.h"
#include "maildir/subscription-file.h"

static char *lines(int root_fd) {
        _cleanup_free_ char *text = NULL;
        size_t size;

        return disk_read(root_fd, "courierimapsubscribed", 10000, &text, &size, NULL) == DISK_DONE
                       ? TAKE_PTR(text) : text_dup("(none)");
}

TEST("subscriptions are added at the end, once, and removed") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *none = NULL, *two = NULL, *one = NULL;
        UniqueNames *names = &fixture.names;

        fixture_init(&fixture);
        CHECK_NUMBER(subscription_file_change(fixture.root_fd, names, "INBOX.No", false), DISK_DONE);
        none = lines(fixture.root_fd);
        CHECK_TEXT(none, "(none)");
        CHECK_NUMBER(subscription_file_change(fixture.root_fd, names, "INBOX.B", true), DISK_DONE);
        CHECK_NUMBER(subscription_file_change(fixture.root_fd, names, "INBOX.A", true), DISK_DONE);
        CHECK_NUMBER(subscription_file_change(fixture.root_fd, names, "INBOX.B", true), DISK_DONE);
        two = lines(fixture.root_fd);
        CHECK_TEXT(two, "INBOX.B\nINBOX.A\n");
        CHECK_NUMBER(subscription_file_change(fixture.root_fd, names, "INBOX.B", false), DISK_DONE);
        one = lines(fixture.root_fd);
        CHECK_TEXT(one, "INBOX.A\n");
}

TEST("INBOX is compared in any case, the rest is not; the last line may lack its end") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *text = NULL;

        fixture_init(&fixture);
        put_file(fixture.root_fd, "courierimapsubscribed", "inbox.A\n\nInbox.a\n#shared.x");
        CHECK_NUMBER(subscription_file_change(fixture.root_fd, &fixture.names, "INBOX.A", false), DISK_DONE);
        text = lines(fixture.root_fd);
        CHECK_TEXT(text, "Inbox.a\n#shared.x\n");
}

static void put_with_time(int root_fd, const char *name, const char *text, time_t sec) {
        struct timespec times[2] = { { .tv_sec = sec }, { .tv_sec = sec } };

        put_file(root_fd, name, text);
        CHECK(utimensat(root_fd, name, times, 0) == 0);
}

static char *read_names(int root_fd) {
        _cleanup_name_list_ NameList names = { 0 };
        Buffer result = { 0 };

        CHECK_NUMBER(subscription_file_read(root_fd, &names), DISK_DONE);
        buffer_append_text(&result, "");
        for (size_t i = 0; i < names.n_names; i++)
                buffer_printf(&result, "[%s]", names.names[i]);
        return buffer_take_text(&result);
}

TEST("Dovecot's file counts where it is younger or alone, in its own coding of names") {
        static const char dovecot[] = "V\t2\n\nA\nWork\t2024\nINBOX\nEntw&APw-rfe\nR&-D\nX&-Y\n";
        static const struct {
                time_t courier_sec, dovecot_sec; /* 0: there is none */
                const char *want;
        } examples[] = {
                { 0, 1000, "[INBOX.A][INBOX.Work.2024][INBOX][INBOX.Entw\xc3\xbcrfe][INBOX.R&D][INBOX.X&-Y]" },
                { 1000, 2000,
                  "[INBOX.A][INBOX.Work.2024][INBOX][INBOX.Entw\xc3\xbcrfe][INBOX.R&D][INBOX.X&-Y][#shared.x]" },
                { 2000, 1000, "[INBOX.Old][#shared.x]" },
                { 2000, 2000, "[INBOX.Old][#shared.x]" },
                { 2000, 0, "[INBOX.Old][#shared.x]" },
                { 0, 0, "" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_fixture_ Fixture fixture;
                _cleanup_free_ char *got = NULL;

                fixture_init(&fixture);
                CHECK(mkdirat(fixture.root_fd, ".X&-Y", 0700) == 0); /* a name that was never encoded */
                if (examples[i].courier_sec)
                        put_with_time(fixture.root_fd, "courierimapsubscribed", "INBOX.Old\n#shared.x\n",
                                      examples[i].courier_sec);
                if (examples[i].dovecot_sec)
                        put_with_time(fixture.root_fd, "subscriptions", dovecot, examples[i].dovecot_sec);
                got = read_names(fixture.root_fd);
                CHECK_TEXT(got, examples[i].want);
        }
}

TEST("the first change takes Dovecot's subscriptions over") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *text = NULL;

        fixture_init(&fixture);
        put_with_time(fixture.root_fd, "subscriptions", "V\t2\n\nA\nB\n", 1000);
        CHECK(subscription_file_is_dovecots(fixture.root_fd));
        CHECK_NUMBER(subscription_file_change(fixture.root_fd, &fixture.names, "INBOX.A", false), DISK_DONE);
        text = lines(fixture.root_fd);
        CHECK_TEXT(text, "INBOX.B\n");
        CHECK(!subscription_file_is_dovecots(fixture.root_fd));
}

TESTS_END
