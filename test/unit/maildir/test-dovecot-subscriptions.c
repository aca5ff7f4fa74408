/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maildir/dovecot-subscriptions.h"
#include "maildir-fixture.h"
#include "maildir/folder-name.h"

static char *describe(const char *octets, size_t size) {
        _cleanup_name_list_ NameList names = { 0 };
        Buffer result = { 0 };

        dovecot_subscriptions_parse(octets, size, &names);
        buffer_append_text(&result, "");
        for (size_t i = 0; i < names.n_names; i++)
                buffer_printf(&result, "[%s]", names.names[i]);
        return buffer_take_text(&result);
}

TEST("both versions are read, as names of directories") {
        static const struct {
                const char *file, *want;
        } examples[] = {
                { "V\t2\n\nSent\nWork\t2024\nINBOX\nEntw&APw-rfe\n", "[Sent][Work.2024][INBOX][Entw&APw-rfe]" },
                { "V\t2\n\nwith.dot\nwith/slash\nb\001t\nok\n\t\na\t\tb\nlast", "[ok][last]" },
                { "Sent\nWork.2024\nWork/2025\n\nINBOX", "[Sent][Work.2024][Work.2025][INBOX]" },
                { "V\t2\nSent\n", "[Sent]" }, /* no empty line: no header, and a name that cannot be */
                { "V\t2\n\n", "" }, { "", "" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *got = describe(examples[i].file, strlen(examples[i].file));

                CHECK_TEXT(got, examples[i].want);
        }
}

TEST("a name too long for a directory is skipped") {
        char line[FOLDER_DIRECTORY_SIZE + 1];
        _cleanup_free_ char *fits = NULL, *too_long = NULL;

        memset(line, 'x', sizeof(line));
        fits = describe(line, FOLDER_DIRECTORY_SIZE - 2);
        CHECK_NUMBER(strlen(fits), FOLDER_DIRECTORY_SIZE);
        too_long = describe(line, FOLDER_DIRECTORY_SIZE - 1);
        CHECK_TEXT(too_long, "");
}

TEST("what is written is version 2, also when it is empty") {
        _cleanup_(fixture_done) Fixture fixture;
        _cleanup_name_list_ NameList names = { 0 };
        _cleanup_buffer_ Buffer octets = { 0 }, none = { 0 };
        struct stat st;

        fixture_init(&fixture);
        dovecot_subscriptions_append(&octets, "Work.2024");
        dovecot_subscriptions_append(&octets, "Sent");
        CHECK_TEXT(octets.data, "V\t2\n\nWork\t2024\nSent\n");
        CHECK_NUMBER(dovecot_subscriptions_read(fixture.root_fd, &names, &st), DISK_MISSING);
        CHECK_NUMBER(dovecot_subscriptions_write(fixture.root_fd, &fixture.names, &none), DISK_DONE);
        CHECK_NUMBER(dovecot_subscriptions_read(fixture.root_fd, &names, &st), DISK_DONE);
        CHECK_NUMBER(st.st_size, 5);
        CHECK_NUMBER(dovecot_subscriptions_write(fixture.root_fd, &fixture.names, &octets), DISK_DONE);
        CHECK_NUMBER(dovecot_subscriptions_read(fixture.root_fd, &names, &st), DISK_DONE);
        CHECK_NUMBER(names.n_names, 2);
}

TESTS_END
