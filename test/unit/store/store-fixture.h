/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Maildir in /tmp for one test, and what is in it as text. */
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "basic/buffer.h"
#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"
#include "harness.h"
#include "store/append.h"
#include "store/mailbox.h"
#include "store/message.h"
#include "store/store.h"

typedef struct Fixture {
        char path[64];
        MailStore *store;
} Fixture;

static void fixture_reopen(Fixture *fixture) {
        StoreSettings settings = { .use_locks = true, .host_name = "host", .trash_name = "Trash" };

        fixture->store = store_close(fixture->store);
        CHECK_NUMBER(store_open(fixture->path, &settings, &fixture->store), STORE_DONE);
}

_unused_ static void fixture_init(Fixture *fixture) {
        log_set_max_level(LOG_CRIT); /* the tests make what would be reported */
        *fixture = (Fixture){ .path = "/tmp/test-store-XXXXXX" };
        CHECK(mkdtemp(fixture->path) != NULL);
        fixture_reopen(fixture);
}

_unused_ static void fixture_done(Fixture *fixture) {
        _cleanup_close_ int tmp = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        fixture->store = store_close(fixture->store);
        CHECK_NUMBER(disk_remove_tree(tmp, strrchr(fixture->path, '/') + 1), DISK_DONE);
}

#define _cleanup_fixture_ _cleanup_(fixture_done)

_unused_ static char *fixture_path(const Fixture *fixture, const char *name) {
        return text_printf("%s/%s", fixture->path, name);
}

/* A program that knows nothing of us writes a file. */
_unused_ static void put_file(const Fixture *fixture, const char *name, const char *text) {
        _cleanup_free_ char *path = fixture_path(fixture, name);
        _cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        CHECK(fd >= 0 && fd_write_all(fd, text, strlen(text)) == 0);
}

_unused_ static char *get_file(const Fixture *fixture, const char *name) {
        _cleanup_free_ char *path = fixture_path(fixture, name);
        char *text = NULL;
        size_t size;

        _cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

        return fd >= 0 && fd_read_file(fd, 1 << 20, &text, &size) == 0 ? text : NULL;
}

_unused_ static void move_file(const Fixture *fixture, const char *from, const char *to) {
        _cleanup_free_ char *source = fixture_path(fixture, from), *target = fixture_path(fixture, to);

        CHECK(rename(source, target) == 0);
}

_unused_ static bool has_file(const Fixture *fixture, const char *name) {
        _cleanup_free_ char *path = fixture_path(fixture, name);

        return access(path, F_OK) == 0;
}

_unused_ static void remove_file(const Fixture *fixture, const char *name) {
        _cleanup_free_ char *path = fixture_path(fixture, name);

        CHECK(unlink(path) == 0);
}

_unused_ static int count_files(const Fixture *fixture, const char *name) {
        _cleanup_free_ char *path = fixture_path(fixture, name);
        DIR *dir = opendir(path);
        int n = 0;

        for (struct dirent *entry; dir && (entry = readdir(dir));)
                n += entry->d_name[0] != '.';
        if (dir)
                closedir(dir);
        return n;
}

_unused_ static Mailbox *open_box(Fixture *fixture, const char *name, MailboxAccess access) {
        Mailbox *box = NULL;

        CHECK_NUMBER(mailbox_open(fixture->store, name, access, &box), STORE_DONE);
        return box;
}

_unused_ static int64_t date_of(Mailbox *box, size_t position) {
        int64_t sec = 0;

        CHECK_NUMBER(mailbox_internal_date(box, position, &sec), STORE_DONE);
        return sec;
}

static void describe_message(const Mailbox *box, size_t position, Buffer *text) {
        static const char letters[] = "RTDFS"; /* in order of the bits */
        MessageRecord record;

        mailbox_message_at(box, position, &record);
        buffer_printf(text, "%s%u", position > 0 ? " " : "", record.uid);
        for (int i = 0; letters[i]; i++)
                if (record.flags >> i & 1)
                        buffer_append_char(text, letters[i]);
        if (record.recent)
                buffer_append_char(text, '*');
        if (record.gone)
                buffer_append_char(text, '-');
        for (size_t k = 0; k < mailbox_n_keywords(box); k++)
                if (message_record_has_keyword(&record, k))
                        buffer_printf(text, "+%s", mailbox_keyword(box, k));
}

/* "1S 2* 3FS+work": UIDs, letters of flags, '*' recent, '-' gone, keywords. */
_unused_ static char *describe(const Mailbox *box) {
        Buffer text = { 0 };

        buffer_append_text(&text, "");
        for (size_t i = 0; i < mailbox_n_messages(box); i++)
                describe_message(box, i, &text);
        return buffer_take_text(&text);
}

#define CHECK_BOX(box, want)                            \
        do {                                            \
                _cleanup_free_ char *is = describe(box); \
                CHECK_TEXT(is, want);                   \
        } while (0)

/* "-1 +2 ~0 k": expunged positions, number of added, changed positions, new keywords. */
_unused_ static char *describe_refresh(Mailbox *box, bool with_expunges) {
        _cleanup_mailbox_changes_ MailboxChanges changes = { 0 };
        Buffer text = { 0 };

        CHECK_NUMBER(mailbox_refresh(box, with_expunges, &changes), STORE_DONE);
        buffer_append_text(&text, "");
        for (size_t i = 0; i < changes.n_expunged; i++)
                buffer_printf(&text, "-%zu ", changes.expunged[i].position);
        buffer_printf(&text, "+%zu", changes.n_added);
        for (size_t i = 0; i < changes.n_changed; i++)
                buffer_printf(&text, " ~%zu", changes.changed[i]);
        buffer_append_text(&text, changes.keywords_changed ? " k" : "");
        return buffer_take_text(&text);
}

#define CHECK_REFRESH(box, want)                                        \
        do {                                                            \
                _cleanup_free_ char *is = describe_refresh(box, true);  \
                CHECK_TEXT(is, want);                                   \
        } while (0)

static const NumberSet *uids(uint32_t first, uint32_t last) {
        static NumberRange range;
        static NumberSet set = { .ranges = &range, .n_ranges = 1 };

        range = (NumberRange){ first, last };
        return &set;
}

_unused_ static int store_flags(Mailbox *box, uint32_t first, uint32_t last, FlagsChange change,
                                MessageFlags flags, const char *keyword) {
        char *keywords[] = { (char *) keyword };

        FlagsWanted wanted = { .change = change, .flags = flags, .keywords = keywords,
                               .n_keywords = keyword ? 1 : 0 };

        return mailbox_store_flags(box, uids(first, last), &wanted, NULL, NULL);
}

_unused_ static uint32_t append_text(Fixture *fixture, const char *name, const char *text,
                                     MessageFlags flags) {
        _cleanup_(append_result_done) AppendResult result = { 0 };
        _cleanup_(append_freep) Append *append = NULL;

        CHECK_NUMBER(append_begin(fixture->store, name, &append), STORE_DONE);
        CHECK_NUMBER(append_write(append, text, strlen(text)), STORE_DONE);
        CHECK_NUMBER(append_message_done(append, flags, NULL, 0, APPEND_DATE_NOW), STORE_DONE);
        CHECK_NUMBER(append_commit(append, &result), STORE_DONE);
        return result.uids.n_ranges == 1 ? result.uids.ranges[0].first : 0;
}

/* The whole file of a message. */
_unused_ static char *message_text(Mailbox *box, uint32_t uid) {
        _cleanup_(message_closep) Message *message = NULL;
        static char text[4096];
        size_t size = 0;

        if (message_open(box, uid, &message) != STORE_DONE)
                return text_dup("(gone)");
        CHECK_NUMBER(message_read_at(message, 0, text, sizeof(text), &size), 0);
        return text_dup_range(text, size);
}
