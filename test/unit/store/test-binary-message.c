/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that came as literal8, and what is stored of them. */
#include "store/binary-message.h"

#include "basic/base64.h"
#include "store-fixture.h"
#include "store/spool.h"

static int collect(void *userdata, const char *data, size_t size) {
        buffer_append(userdata, data, size);
        return STORE_DONE;
}

/* Fed in pieces, so that what is looked for is split at any place. */
static int convert(const char *text, size_t size, size_t piece, Buffer *out) {
        _cleanup_(binary_message_freep) BinaryMessage *message = binary_message_new(-EBADF);

        for (size_t at = 0; at < size; at += piece)
                CHECK_NUMBER(binary_message_write(message, text + at, MIN(piece, size - at)), DISK_DONE);
        CHECK_NUMBER(binary_message_size(message), size);
        return binary_message_give(message, collect, out);
}

#define TEXT_AND_SIZE(literal) literal, sizeof(literal) - 1

TEST("a binary part with NULs or lone LFs becomes base64, what holds it 8bit, all else stays") {
        static const struct {
                const char *given;
                size_t size;
                const char *stored;
        } examples[] = {
                /* nothing to be changed */
                { TEXT_AND_SIZE(""), "" },
                { TEXT_AND_SIZE("x"), "x" },
                { TEXT_AND_SIZE("A: b\r\n\r\nx\r\n"), "A: b\r\n\r\nx\r\n" },
                { TEXT_AND_SIZE("Content-Transfer-Encoding: binary\r\n\r\n\xff\r\rx"),
                  "Content-Transfer-Encoding: binary\r\n\r\n\xff\r\rx" },
                { TEXT_AND_SIZE("A: b\n\nlone\n"), "A: b\n\nlone\n" },
                /* the message itself, to its end */
                { TEXT_AND_SIZE("A: b\r\ncontent-transfer-encoding :\r\n Binary (x)\r\nC: d\r\n\r\n\0\1"),
                  "A: b\r\nContent-Transfer-Encoding: base64\r\nC: d\r\n\r\nAAE=\r\n" },
                { TEXT_AND_SIZE("Content-Transfer-Encoding: binary\r\n\r\na\nb\r\n"),
                  "Content-Transfer-Encoding: base64\r\n\r\nYQpiDQo=\r\n" },
                /* the second of three parts, the line end of whose boundary is not the part's */
                { TEXT_AND_SIZE("Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                                "--b\r\nContent-Transfer-Encoding: binary\r\n\r\nplain\r\n"
                                "--b\r\nContent-Transfer-Encoding: binary\r\n\r\n\0\r\n\r\n"
                                "--b\r\n\r\nend\r\n--b--\r\n"),
                  "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                  "--b\r\nContent-Transfer-Encoding: binary\r\n\r\nplain\r\n"
                  "--b\r\nContent-Transfer-Encoding: base64\r\n\r\nAA0K\r\n"
                  "--b\r\n\r\nend\r\n--b--\r\n" },
                /* an embedded message */
                { TEXT_AND_SIZE("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                                "Content-Transfer-Encoding: binary\r\n\r\n\n"),
                  "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                  "Content-Transfer-Encoding: base64\r\n\r\nCg==\r\n" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                for (size_t piece = 1; piece < 4; piece++) {
                        _cleanup_buffer_ Buffer out = { 0 };

                        CHECK_NUMBER(convert(examples[i].given, examples[i].size, piece, &out), STORE_DONE);
                        CHECK_TEXT(out.data ? out.data : "", examples[i].stored);
                }
}

TEST("a NUL in a text stays what it is") {
        static const char given[] = "A: b\r\n\r\nx\0y\r\n";
        _cleanup_buffer_ Buffer out = { 0 };

        CHECK_NUMBER(convert(given, sizeof(given) - 1, 5, &out), STORE_DONE);
        CHECK_NUMBER(out.size, sizeof(given) - 1);
        CHECK(memcmp(out.data, given, out.size) == 0);
}

TEST("where octets would be lost nothing is stored") {
        static const struct {
                const char *given;
                size_t size;
        } examples[] = {
                { TEXT_AND_SIZE("Content-Transfer-Encoding: x-own\r\n\r\n\0") },
                { TEXT_AND_SIZE("Content-Transfer-Encoding: x-own\r\n\r\na\nb") },
        };
        _cleanup_buffer_ Buffer deep = { 0 };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_buffer_ Buffer out = { 0 };

                CHECK_NUMBER(convert(examples[i].given, examples[i].size, 7, &out), STORE_UNKNOWN_ENCODING);
        }
        for (int i = 0; i < 60; i++) /* deeper than we look */
                buffer_append_text(&deep, "Content-Type: message/rfc822\r\n\r\n");
        buffer_append(&deep, TEXT_AND_SIZE("Content-Transfer-Encoding: binary\r\n\r\n\0"));
        _cleanup_buffer_ Buffer out = { 0 };
        CHECK_NUMBER(convert(deep.data, deep.size, 1000, &out), STORE_UNKNOWN_ENCODING);
}

/* Octets of every kind, in no order that repeats soon. */
static void make_noise(Buffer *noise, size_t size) {
        uint32_t state = 1;

        for (size_t i = 0; i < size; i++) {
                state = state * 1103515245u + 12345u;
                buffer_append_char(noise, (char) (state >> 16));
        }
}

static void decode_lines(const Buffer *text, Buffer *out) {
        _cleanup_buffer_ Buffer digits = { 0 };

        for (size_t i = 0; i < text->size; i++)
                if (text->data[i] != '\n')
                        buffer_append_char(&digits, text->data[i]);
        CHECK(base64_decode(digits.data, digits.size, out));
}

TEST("a large one is kept in a file without a name, and comes back octet for octet") {
        static const char head[] = "Content-Transfer-Encoding: binary\r\n\r\n";
        enum { OCTETS = 3 * SPOOL_HELD_MAX + 5 };
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(append_result_done) AppendResult result = { 0 };
        _cleanup_(append_freep) Append *append = NULL;
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_(message_closep) Message *message = NULL;
        _cleanup_buffer_ Buffer noise = { 0 }, stored = { 0 }, decoded = { 0 };
        size_t n, skip = strlen("Content-Transfer-Encoding: base64\n\n");

        fixture_init(&fixture);
        make_noise(&noise, OCTETS);
        CHECK_NUMBER(append_begin(fixture.store, "INBOX", &append), STORE_DONE);
        append_expect_binary(append);
        CHECK_NUMBER(append_write(append, head, strlen(head)), STORE_DONE);
        for (size_t at = 0; at < noise.size; at += 100001)
                CHECK_NUMBER(append_write(append, noise.data + at, MIN(noise.size - at, 100001u)), STORE_DONE);
        CHECK_NUMBER(append_message_done(append, 0, NULL, 0, APPEND_DATE_NOW), STORE_DONE);
        CHECK_NUMBER(append_commit(append, &result), STORE_DONE);

        box = open_box(&fixture, "INBOX", MAILBOX_READ_ONLY);
        CHECK_NUMBER(message_open(box, 1, &message), STORE_DONE);
        n = (size_t) message_raw_size(message);
        CHECK_NUMBER(message_read_at(message, 0, buffer_reserve(&stored, n), n, &n), 0);
        buffer_commit(&stored, n);
        CHECK(text_starts_with(stored.data, "Content-Transfer-Encoding: base64\n\n"));
        buffer_drop_front(&stored, skip);
        decode_lines(&stored, &decoded);
        CHECK_NUMBER(decoded.size, noise.size);
        CHECK(memcmp(decoded.data, noise.data, noise.size) == 0);
}

TEST("what is refused at its end leaves nothing behind") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(append_freep) Append *append = NULL;
        AppendResult result;

        fixture_init(&fixture);
        CHECK_NUMBER(append_begin(fixture.store, "INBOX", &append), STORE_DONE);
        append_expect_binary(append);
        CHECK_NUMBER(append_write(append, TEXT_AND_SIZE("Content-Transfer-Encoding: x\r\n\r\n\0")), STORE_DONE);
        CHECK_NUMBER(append_message_done(append, 0, NULL, 0, APPEND_DATE_NOW), STORE_UNKNOWN_ENCODING);
        CHECK_NUMBER(append_commit(append, &result), STORE_UNKNOWN_ENCODING);
        append = append_free(append);
        CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
}

TESTS_END
