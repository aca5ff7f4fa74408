/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/part-places.h"

#include "basic/text.h"
#include "harness.h"

static const char *const mails[] = {
        "",
        "\n",
        "Subject: no body",
        "Subject: plain\n\nbody\n",
        "Subject: plain\r\n\r\nbody\r\n",
        "Content-Type: multipart/mixed; boundary=b\n\n",
        "Content-Type: multipart/mixed; boundary=b\n\npreamble\n--b\n\none\n--b\n\n--b\n--b--\nepilogue\n",
        "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\none\n--b\n\n--b--\n",
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeAoKeAo=\n",
        ("Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: message/rfc822\n\n"
         "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\n\nin\r\n--b\n--a\n\nlast\n"),
};

static bool same(const MimePart *a, const MimePart *b) {
        if (a->header_offset != b->header_offset || a->body_offset != b->body_offset ||
            a->end_offset != b->end_offset || a->header_size_wire != b->header_size_wire ||
            a->body_size_wire != b->body_size_wire || a->n_children != b->n_children ||
            mime_part_is_multipart(a) != mime_part_is_multipart(b) ||
            mime_part_is_message(a) != mime_part_is_message(b))
                return false;
        for (size_t i = 0; i < a->n_children; i++)
                if (b->children[i]->parent != b || !same(a->children[i], b->children[i]))
                        return false;
        return true;
}

static Buffer packed(const char *mail, size_t size) {
        _cleanup_(mime_part_freep) MimePart *root = mime_parse(mail, size, NULL);
        Buffer value = { 0 };

        mime_places_pack(root, &value);
        return value;
}

static bool comes_back(const char *mail, size_t size) {
        _cleanup_(mime_part_freep) MimePart *root = mime_parse(mail, size, NULL), *again = NULL;
        _cleanup_buffer_ Buffer value = packed(mail, size);

        again = mime_places_unpack(value.data, value.size, size);
        return again && same(root, again);
}

static bool is_refused(const void *value, size_t value_size, uint64_t message_size) {
        _cleanup_free_ char *copy = memory_copy(value, value_size); /* nothing is behind it */
        _cleanup_(mime_part_freep) MimePart *root = mime_places_unpack(copy, value_size, message_size);

        return !root;
}

#define REFUSED(message_size, ...) \
        is_refused((unsigned char[]){ __VA_ARGS__ }, sizeof((unsigned char[]){ __VA_ARGS__ }), message_size)

TEST("what was packed is the same structure again") {
        for (size_t i = 0; i < ELEMENTSOF(mails); i++)
                CHECK(comes_back(mails[i], strlen(mails[i])));
}

TEST("a part takes some octets") {
        const char *mail = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n";
        _cleanup_buffer_ Buffer value = packed(mail, strlen(mail));
        static const unsigned char want[] = { 2, 0, 43, 15, 2, 4, 0, 4, 1, 3, 1, 0 };

        CHECK_NUMBER(value.size, sizeof(want));
        CHECK(memcmp(value.data, want, sizeof(want)) == 0);
}

TEST("as many and as deep parts as the parser finds fit") {
        _cleanup_buffer_ Buffer many = { 0 }, deep = { 0 };

        buffer_append_text(&many, "Content-Type: multipart/mixed; boundary=b\n\n");
        for (int i = 0; i < MIME_PARTS_MAX; i++)
                buffer_append_text(&many, "--b\nContent-Type: multipart/mixed\n\n");
        CHECK(comes_back(many.data, many.size));
        for (int i = 0; i < MIME_DEPTH_MAX + 10; i++)
                buffer_printf(&deep, "Content-Type: multipart/mixed; boundary=%d.\n\n--%d.\n", i, i);
        CHECK(comes_back(deep.data, deep.size));
        buffer_clear(&deep);
        for (int i = 0; i < MIME_DEPTH_MAX + 10; i++)
                buffer_append_text(&deep, "Content-Type: message/rfc822\n\n");
        CHECK(comes_back(deep.data, deep.size));
}

TEST("more or deeper parts than that are none") {
        _cleanup_buffer_ Buffer value = { 0 };
        static const char other[] = { 0, 0, 0, 0, 0, 0 }, message[] = { 1, 0, 0, 0, 0, 0 };

        for (int depth = 0; depth <= MIME_PLACES_DEPTH_MAX; depth++)
                buffer_append(&value, message, sizeof(message));
        buffer_append(&value, other, sizeof(other));
        CHECK(is_refused(value.data, value.size, 0));
        CHECK(!is_refused(value.data + sizeof(message), value.size - sizeof(message), 0));

        buffer_clear(&value);
        /* A multipart with the others in it: its number has two octets. */
        buffer_append_char(&value, (char) (MIME_PLACES_PARTS_MAX % 128 + 128));
        buffer_append_char(&value, (char) (MIME_PLACES_PARTS_MAX / 128));
        buffer_append(&value, other + 1, sizeof(other) - 1);
        for (int i = 0; i < MIME_PLACES_PARTS_MAX - 1; i++)
                buffer_append(&value, other, sizeof(other));
        CHECK(!is_refused(value.data, value.size, 0));
        value.data[0]++;
        buffer_append(&value, other, sizeof(other));
        CHECK(is_refused(value.data, value.size, 0));
}

TEST("places that are no message's are refused") {
        CHECK(!REFUSED(9, 0, 0, 4, 5, 4, 5));
        CHECK(REFUSED(8, 0, 0, 4, 5, 4, 5));   /* of a shorter message */
        CHECK(REFUSED(10, 0, 0, 4, 5, 4, 5));  /* of a longer one */
        CHECK(REFUSED(9, 0, 1, 4, 4, 4, 4));   /* begins later */
        CHECK(REFUSED(9, 0, 0, 4, 5, 5, 5));   /* longer on the wire than it can be */
        CHECK(REFUSED(9, 0, 0, 4, 5, 4, 6));
        CHECK(REFUSED(9, 0, 0, 4, 5, 4, 5, 0)); /* something is left over */
        CHECK(REFUSED(9, 1, 0, 4, 5, 4, 5));    /* a message without one in it */
        CHECK(!REFUSED(9, 1, 0, 4, 5, 4, 5, 0, 0, 5, 0, 0, 0));
        CHECK(REFUSED(9, 1, 0, 4, 5, 4, 5, 0, 0, 5, 1, 0, 0)); /* leaves the part around it */
        CHECK(REFUSED(9, 1, 0, 4, 5, 4, 5, 0, 6, 0, 0, 0, 0));
        CHECK(REFUSED(9, 3, 0, 4, 5, 4, 5, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0)); /* likewise */
        CHECK(REFUSED(9, 0x83, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 0, 4, 5, 4, 5));
        CHECK(REFUSED(9, 0, 0, 4, 5, 4, 0x80)); /* a number without its end */
        CHECK(REFUSED(9, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 10, 0, 0)); /* wraps */
}

static void check_place(const MimePart *part, uint64_t first, uint64_t end) {
        CHECK(part->header_offset >= first && part->body_offset >= part->header_offset);
        CHECK(part->end_offset >= part->body_offset && part->end_offset <= end);
        CHECK(part->body_size_wire <= 2 * (part->end_offset - part->body_offset));
        CHECK(mime_part_is_multipart(part) ? part->n_children > 0
                                           : part->n_children == mime_part_is_message(part));
        first = part->body_offset;
        for (size_t i = 0; i < part->n_children; i++) {
                check_place(part->children[i], first, part->end_offset);
                first = part->children[i]->end_offset;
        }
}

TEST("octets that were cut or changed anywhere lead nowhere") {
        const char *mail = mails[ELEMENTSOF(mails) - 1];
        _cleanup_buffer_ Buffer value = packed(mail, strlen(mail));

        for (size_t size = 0; size < value.size; size++)
                CHECK(is_refused(value.data, size, strlen(mail)));
        for (size_t at = 0; at < 8 * value.size; at++) {
                _cleanup_free_ char *changed = memory_copy(value.data, value.size);
                _cleanup_(mime_part_freep) MimePart *root = NULL;

                changed[at / 8] ^= (char) (1 << at % 8);
                root = mime_places_unpack(changed, value.size, strlen(mail));
                if (root)
                        check_place(root, 0, strlen(mail));
        }
}

TESTS_END
