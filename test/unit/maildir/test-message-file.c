/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maildir-fixture.h"
#include "maildir/keyword-list.h"
#include "maildir/message-file.h"

TEST("a new message is complete and dated before it has its name") {
        _cleanup_fixture_ Fixture fixture;
        MessageFile file = MESSAGE_FILE_NONE;
        _cleanup_free_ char *base = NULL;
        struct stat st;

        fixture_init(&fixture);
        CHECK_NUMBER(message_file_create(&fixture.folder, &fixture.names, &file), DISK_DONE);
        CHECK_NUMBER(disk_write(file.fd, "text\n", 5, "x"), DISK_DONE);
        CHECK_NUMBER(message_file_finish(&file, &fixture.names, 1000000000, &base, &st), DISK_DONE);
        CHECK(text_ends_with(base, ".host,S=5"));
        CHECK_NUMBER(st.st_mtime, 1000000000);
        CHECK_NUMBER(message_file_publish(&file, fixture.folder.cur_fd, "1.a:2,"), DISK_DONE);
        CHECK(has_file(fixture.folder.cur_fd, "1.a:2,"));
        message_file_discard(&file); /* has nothing to remove any more */
        CHECK(has_file(fixture.folder.cur_fd, "1.a:2,"));
}

TEST("a name that is taken is not replaced") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(message_file_discard) MessageFile file = MESSAGE_FILE_NONE;

        fixture_init(&fixture);
        put_file(fixture.folder.cur_fd, "1.a:2,", "old\n");
        CHECK_NUMBER(message_file_create(&fixture.folder, &fixture.names, &file), DISK_DONE);
        CHECK_NUMBER(message_file_publish(&file, fixture.folder.cur_fd, "1.a:2,"), DISK_EXISTS);
}

TEST("a renamed message is found by its base name, with or without a size in it") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *name = NULL, *other = NULL;
        _cleanup_close_ int fd = -EBADF;

        fixture_init(&fixture);
        put_file(fixture.folder.cur_fd, "1.a,S=4:2,FS", "text");
        put_file(fixture.folder.cur_fd, "1.ab:2,", "text");
        CHECK_NUMBER(message_file_find(&fixture.folder, "1.a:2,", &name), DISK_DONE);
        CHECK_TEXT(name, "1.a,S=4:2,FS");
        CHECK_NUMBER(message_file_open(&fixture.folder, "1.a,S=4:2,", &fd, NULL), DISK_DONE);
        CHECK_NUMBER(message_file_find(&fixture.folder, "1.b:2,", &other), DISK_MISSING);
}

TEST("a symbolic link in cur/ is not followed") {
        _cleanup_fixture_ Fixture fixture;
        int fd = -EBADF;

        fixture_init(&fixture);
        CHECK(symlinkat("/etc/passwd", fixture.folder.cur_fd, "1.a:2,") == 0);
        CHECK_NUMBER(message_file_open(&fixture.folder, "1.a:2,", &fd, NULL), DISK_NOT_THAT_KIND);
}

TEST("a folder that is a symbolic link is none") {
        _cleanup_fixture_ Fixture fixture;
        Folder folder = FOLDER_CLOSED;

        fixture_init(&fixture);
        CHECK(symlinkat(".A", fixture.root_fd, ".B") == 0);
        CHECK_NUMBER(folder_open(fixture.root_fd, ".B", &folder), DISK_NOT_THAT_KIND);
        CHECK_NUMBER(folder_open(fixture.root_fd, ".C", &folder), DISK_MISSING);
}

TEST("keyword files are read, pending updates over folded ones over the list") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_keyword_list_ KeywordList list = { 0 };
        _cleanup_close_ int fd = -EBADF;

        fixture_init(&fixture);
        CHECK_NUMBER(keyword_list_read(&fixture.folder, &list), DISK_MISSING);
        CHECK_NUMBER(disk_make_directory(fixture.folder.dir_fd, KEYWORD_DIRECTORY, 0700), DISK_DONE);
        CHECK_NUMBER(disk_open(fixture.folder.dir_fd, KEYWORD_DIRECTORY, O_RDONLY | O_DIRECTORY, 0, &fd), 0);
        put_file(fd, ":list", "old\n\n1.a:0\n2.b:0\n3.c:0\n");
        put_file(fd, "1.a", "pending\n");
        put_file(fd, ".5.1.a", "folded\n");
        put_file(fd, ".9.2.b", "newer\n");
        put_file(fd, ".10.2.b", "newest\n");
        put_file(fd, ".tmp.1.x", "rubbish\n");
        CHECK_NUMBER(keyword_list_read(&fixture.folder, &list), DISK_DONE);
        CHECK_NUMBER(list.n_entries, 3);
        for (size_t i = 0; i < 3; i++) {
                static const char *const want[] = { "pending", "newest", "old" };

                CHECK_NUMBER(list.entries[i].n_numbers, 1);
                CHECK_TEXT(list.names.names[list.entries[i].numbers[0]], want[i]);
        }
        keyword_list_remove_updates(&fixture.folder, &list);
        CHECK(!has_file(fd, "1.a") && !has_file(fd, ".10.2.b") && has_file(fd, ":list"));
}

TESTS_END
