/* SPDX-License-Identifier: GPL-3.0-or-later */
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

TESTS_END
