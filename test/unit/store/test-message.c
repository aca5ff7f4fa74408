/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/message.h"

#include "pack-gzip.h"
#include "store-fixture.h"
#include "mime/parser.h"
#include "store/message-cache.h"
#include "store/message-expansion.h"

/* So many lines of 64 octets. */
static void make_mail(Buffer *mail, int n_lines) {
        buffer_append_text(mail, "Subject: packed\n\n");
        for (int i = 0; i < n_lines; i++)
                buffer_printf(mail, "%08d %08x %*s\n", i, (unsigned) i * 2654435761u, 45, "text");
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
                pack_gzip(&mail, &packed);
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
                CHECK_NUMBER(message_file_size(message), packed.size);
                CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
        }
}

/* What opening a file of these octets comes to. */
static int open_octets(const Buffer *octets) {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_(message_closep) Message *message = NULL;
        uint64_t wire = 77;
        int r;

        fixture_init(&fixture);
        put_octets(&fixture, "cur/1700000001.M1P1.host:2,S", octets);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        r = message_open(box, 1, &message);
        CHECK_NUMBER(mailbox_wire_size(box, 0, &wire), r);
        CHECK(r == STORE_DONE || (wire == 77 && !message));
        CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
        return r;
}

TEST("a compressed message that is cut off anywhere, or damaged, has no size and is not shown") {
        static const size_t lines[] = { 50, 20000 };

        for (size_t i = 0; i < ELEMENTSOF(lines); i++) {
                _cleanup_buffer_ Buffer mail = { 0 }, packed = { 0 };

                make_mail(&mail, (int) lines[i]);
                pack_gzip(&mail, &packed);
                for (size_t cut = packed.size; cut >= 8; cut = cut * 3 / 4) {
                        Buffer piece = { .data = packed.data, .size = cut };

                        CHECK_NUMBER(open_octets(&piece), cut == packed.size ? STORE_DONE : STORE_DAMAGED);
                }
                packed.size--; /* without the last octet of its trailer, the length */
                CHECK_NUMBER(open_octets(&packed), STORE_DAMAGED);
                packed.size++;
                packed.data[packed.size - 6] ^= 1; /* the checksum */
                CHECK_NUMBER(open_octets(&packed), STORE_DAMAGED);
        }
}

TEST("what expands to more than is allowed is refused, and costs little more than that") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_buffer_ Buffer mail = { 0 }, packed = { 0 };
        _cleanup_(expanded_message_done) ExpandedMessage expanded = { .spool = SPOOL_NONE };
        _cleanup_close_ int fd = -EBADF, tmp = -EBADF;
        _cleanup_free_ char *path = NULL, *tmp_path = NULL;

        fixture_init(&fixture);
        make_mail(&mail, 20000);
        pack_gzip(&mail, &packed);
        put_octets(&fixture, "cur/packed", &packed);
        path = fixture_path(&fixture, "cur/packed");
        tmp_path = fixture_path(&fixture, "tmp");
        fd = open(path, O_RDONLY | O_CLOEXEC);
        tmp = open(tmp_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        CHECK_NUMBER(message_expand(COMPRESSION_GZIP, fd, tmp, "packed", mail.size - 1, &expanded),
                     STORE_DAMAGED);
        CHECK_NUMBER(expanded.spool.size, 0);
        CHECK_NUMBER(lseek(fd, 0, SEEK_SET), 0);
        CHECK_NUMBER(message_expand(COMPRESSION_GZIP, fd, tmp, "packed", mail.size, &expanded),
                     STORE_DONE);
        CHECK_NUMBER(expanded.spool.size, mail.size);
        CHECK_NUMBER(expanded.wire_size, mail.size + 20002);
        CHECK(expanded.spool.fd >= 0);
}

TEST("what the name says of a compressed message's size is not believed") {
        _cleanup_buffer_ Buffer mail = { 0 }, packed = { 0 };

        make_mail(&mail, 100);
        pack_gzip(&mail, &packed);
        for (int i = 0; i < 2; i++) {
                _cleanup_fixture_ Fixture fixture;
                _cleanup_(mailbox_closep) Mailbox *box = NULL;
                _cleanup_(message_closep) Message *message = NULL;
                char name[128];
                uint64_t wire = 0;

                fixture_init(&fixture);
                (void) snprintf(name, sizeof(name), i == 0 ? "cur/17.M1P1.host,S=%zu,W=%zu:2,S"
                                                           : "cur/17.M1P1.host,S=%zu,W=9%zu:2,S",
                                packed.size, packed.size + 10);
                put_octets(&fixture, name, &packed);
                box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
                if (i == 0) { /* who has seen the file knows better, and tells the index */
                        CHECK_NUMBER(message_open(box, 1, &message), STORE_DONE);
                        CHECK_NUMBER(mailbox_wire_size(box, 0, &wire), STORE_DONE);
                        CHECK_NUMBER(wire, packed.size + 10);
                        CHECK_NUMBER(mailbox_learn_wire_size(box, 0, message, &wire), STORE_DONE);
                        CHECK_NUMBER(wire, mail.size + 102);
                }
                CHECK_NUMBER(mailbox_wire_size(box, 0, &wire), STORE_DONE);
                CHECK_NUMBER(wire, mail.size + 102);
        }
}

TEST("what begins like a compressed message is not stored") {
        static const char *const texts[] = { "\x1f\x8b\x08 and so on", "\x28\xb5\x2f\xfd\r\n" };
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        for (size_t i = 0; i < ELEMENTSOF(texts); i++) {
                _cleanup_(append_result_done) AppendResult result = { 0 };
                _cleanup_(append_freep) Append *append = NULL;

                CHECK_NUMBER(append_begin(fixture.store, "INBOX", &append), STORE_DONE);
                for (size_t at = 0; at < strlen(texts[i]); at++)
                        CHECK_NUMBER(append_write(append, texts[i] + at, 1), STORE_DONE);
                CHECK_NUMBER(append_message_done(append, 0, NULL, 0, APPEND_DATE_NOW), STORE_COMPRESSED);
                CHECK_NUMBER(append_commit(append, &result), STORE_COMPRESSED);
                append = append_free(append);
                CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
                CHECK_NUMBER(count_files(&fixture, "cur"), 0);
        }
}

TEST("a copy of a compressed message is compressed as well") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_(copy_result_done) CopyResult result = { 0 };
        _cleanup_(message_closep) Message *message = NULL;
        _cleanup_buffer_ Buffer mail = { 0 }, packed = { 0 };

        fixture_init(&fixture);
        make_mail(&mail, 10);
        pack_gzip(&mail, &packed);
        put_octets(&fixture, "cur/1700000001.M1P1.host,S=99:2,SZ", &packed);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(mailbox_copy(box, uids(1, 1), "INBOX", &result), STORE_DONE);
        CHECK_REFRESH(box, "+1");
        CHECK_NUMBER(message_open(box, 2, &message), STORE_DONE);
        CHECK_NUMBER(message_file_size(message), packed.size);
        CHECK(has_octets(message, 0, &mail, mail.size + 1));
}

/* What is found of part 1, in a message opened anew. */
static uint64_t size_of_part(Mailbox *box) {
        _cleanup_(message_closep) Message *message = NULL;
        const MimePart *sections;
        MimeRange range = { 0 };

        CHECK_NUMBER(message_open_for_sections(box, 1, &message), STORE_DONE);
        CHECK_NUMBER(message_sections(box, 0, message, &sections), 0);
        CHECK(mime_section_find(sections, (uint32_t[]){ 1 }, 1, MIME_SECTION_BODY, &range));
        return range.size_wire;
}

static void kept_is_of(Mailbox *box, uint64_t file_size, uint64_t raw_size) {
        _cleanup_(mime_part_freep) MimePart *kept = message_cached_places(box, 0, file_size, raw_size);

        CHECK(kept && kept->end_offset == raw_size);
}

static void fixture_allow_cache(Fixture *fixture) {
        StoreSettings settings = { .use_locks = true, .host_name = "host", .trash_name = "Trash",
                                   .cache_size = 64 << 20 };

        fixture->store = store_close(fixture->store);
        CHECK_NUMBER(store_open(fixture->path, &settings, &fixture->store), STORE_DONE);
}

TEST("places in the cache that cannot be those of the message are worked out again") {
        static const char mail[] = "Subject: x\n\nbody\n", other[] = "Subject: longer\n\n\n\n\n";
        _cleanup_(mime_part_freep) MimePart *wrong = mime_parse(other, strlen(other), NULL);
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;

        fixture_init(&fixture);
        fixture_allow_cache(&fixture);
        put_file(&fixture, "cur/1700000001.M1P1.host:2,S", mail);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        CHECK_NUMBER(size_of_part(box), 6);
        for (int i = 0; i < 2; i++) {
                message_keep_places(box, 0, strlen(mail), wrong);
                store_rest(fixture.store);
                CHECK(!message_cached_places(box, 0, strlen(mail), strlen(mail)));
                CHECK_NUMBER(size_of_part(box), 6);
                store_rest(fixture.store);
        }
        kept_is_of(box, strlen(mail), strlen(mail));
        CHECK(!message_cached_places(box, 0, strlen(mail) + 1, strlen(mail)));
}

TEST("a compressed message's places are those of what it expands to") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_buffer_ Buffer mail = { 0 }, packed = { 0 };

        fixture_init(&fixture);
        fixture_allow_cache(&fixture);
        make_mail(&mail, 3);
        pack_gzip(&mail, &packed);
        put_octets(&fixture, "cur/1700000001.M1P1.host:2,S", &packed);
        box = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        for (int i = 0; i < 2; i++) {
                CHECK_NUMBER(size_of_part(box), 3 * 65);
                store_rest(fixture.store);
        }
        CHECK(!message_cached_places(box, 0, packed.size, packed.size));
        kept_is_of(box, packed.size, mail.size);
}

TESTS_END
