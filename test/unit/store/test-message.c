/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/message.h"

#include <zlib.h>

#include "store-fixture.h"
#include "store/message-expansion.h"

/* So many lines of 64 octets. */
static void make_mail(Buffer *mail, int n_lines) {
        buffer_append_text(mail, "Subject: packed\n\n");
        for (int i = 0; i < n_lines; i++)
                buffer_printf(mail, "%08d %08x %*s\n", i, (unsigned) i * 2654435761u, 45, "text");
}

static void pack(const Buffer *mail, Buffer *packed) {
        z_stream stream = { 0 };
        size_t room = mail->size + 1024;

        CHECK_NUMBER(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
        stream.next_in = (Bytef *) mail->data;
        stream.avail_in = (uInt) mail->size;
        stream.next_out = (Bytef *) buffer_reserve(packed, room);
        stream.avail_out = (uInt) room;
        CHECK_NUMBER(deflate(&stream, Z_FINISH), Z_STREAM_END);
        buffer_commit(packed, room - stream.avail_out);
        (void) deflateEnd(&stream);
}

static void put_octets(const Fixture *fixture, const char *name, const Buffer *octets) {
        _cleanup_free_ char *path = fixture_path(fixture, name);
        _cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        CHECK(fd >= 0 && fd_write_all(fd, octets->data, octets->size) == 0);
}

static bool has_octets(Message *message, uint64_t offset, const Buffer *mail, size_t size) {
        _cleanup_free_ char *data = memory_new(1, size);
        size_t n = 0, want = offset < mail->size ? MIN(size, mail->size - (size_t) offset) : 0;

        CHECK_NUMBER(message_read_at(message, offset, data, size, &n), 0);
        return n == want && memcmp(data, mail->data + offset, n) == 0;
}

TEST("a compressed message reads as what it expands to, at any offset, small or large") {
        static const int sizes[] = { 0, 3, 2000, 40000 };

        for (size_t i = 0; i < ELEMENTSOF(sizes); i++) {
                _cleanup_fixture_ Fixture fixture;
                _cleanup_(mailbox_closep) Mailbox *box = NULL;
                _cleanup_(message_closep) Message *message = NULL;
                _cleanup_buffer_ Buffer mail = { 0 }, packed = { 0 };
                uint64_t wire = 0;

                fixture_init(&fixture);
                make_mail(&mail, sizes[i]);
                pack(&mail, &packed);
                put_octets(&fixture, "cur/1700000001.M1P1.host,S=99:2,SZ", &packed);
                box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
                CHECK_NUMBER(message_open(box, 1, &message), STORE_DONE);
                CHECK(has_octets(message, mail.size / 2, &mail, 100000));
                CHECK(has_octets(message, 0, &mail, 100));
                CHECK(has_octets(message, mail.size - 5, &mail, 100));
                CHECK(has_octets(message, mail.size + 5, &mail, 100));
                CHECK(has_octets(message, 0, &mail, mail.size + 1));
                CHECK_NUMBER(mailbox_wire_size(box, 0, &wire), STORE_DONE);
                CHECK_NUMBER(wire, mail.size + (uint64_t) sizes[i] + 2);
                CHECK_NUMBER(message_raw_size(message), packed.size);
                CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
        }
}

TEST("a compressed message that is cut off ends where its octets do") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_(message_closep) Message *message = NULL;
        _cleanup_buffer_ Buffer mail = { 0 }, packed = { 0 };
        const char *data;
        size_t n = 0;

        fixture_init(&fixture);
        make_mail(&mail, 20000);
        pack(&mail, &packed);
        packed.size /= 2;
        put_octets(&fixture, "cur/1700000001.M1P1.host:2,S", &packed);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(message_open(box, 1, &message), STORE_DONE);
        CHECK(has_octets(message, 0, &mail, 1000));
        CHECK_NUMBER(message_view_at(message, mail.size - 10, 10, &data, &n), 0);
        CHECK_NUMBER(n, 0);
}

TEST("what expands to more than is allowed ends there") {
        _cleanup_(message_expansion_freep) MessageExpansion *expansion = NULL;
        _cleanup_fixture_ Fixture fixture;
        _cleanup_buffer_ Buffer mail = { 0 }, packed = { 0 };
        _cleanup_close_ int fd = -EBADF, tmp = -EBADF;
        _cleanup_free_ char *path = NULL, *tmp_path = NULL;

        fixture_init(&fixture);
        make_mail(&mail, 20000);
        pack(&mail, &packed);
        put_octets(&fixture, "cur/packed", &packed);
        path = fixture_path(&fixture, "cur/packed");
        tmp_path = fixture_path(&fixture, "tmp");
        fd = open(path, O_RDONLY | O_CLOEXEC);
        tmp = open(tmp_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        expansion = message_expansion_new(COMPRESSION_GZIP, 100000, fd, tmp, "packed");
        CHECK_NUMBER(message_expansion_reach(expansion, UINT64_MAX), 0);
        CHECK(message_expansion_size(expansion) >= 100000);
        CHECK(message_expansion_size(expansion) < 200000);
        CHECK(memcmp(message_expansion_held(expansion), mail.data, 100000) == 0);
}

TEST("a copy of a compressed message is compressed as well") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_(copy_result_done) CopyResult result = { 0 };
        _cleanup_(message_closep) Message *message = NULL;
        _cleanup_buffer_ Buffer mail = { 0 }, packed = { 0 };

        fixture_init(&fixture);
        make_mail(&mail, 10);
        pack(&mail, &packed);
        put_octets(&fixture, "cur/1700000001.M1P1.host,S=99:2,SZ", &packed);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(mailbox_copy(box, uids(1, 1), "INBOX", &result), STORE_DONE);
        CHECK_REFRESH(box, "+1");
        CHECK_NUMBER(message_open(box, 2, &message), STORE_DONE);
        CHECK_NUMBER(message_raw_size(message), packed.size);
        CHECK(has_octets(message, 0, &mail, mail.size + 1));
}

TESTS_END
