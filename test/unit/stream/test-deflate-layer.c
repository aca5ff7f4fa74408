/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/deflate-layer.h"

#include <errno.h>

#include "harness.h"

/* All that can be had of what was fed, in pieces of at most so many octets. */
static ssize_t unpack_all(DeflateLayer *layer, size_t piece, Buffer *target) {
        ssize_t n;

        do
                n = deflate_layer_unpack(layer, piece, target);
        while (n > 0);
        return n;
}

TEST("what one side packs the other unpacks, piece by piece, and knows the same words later") {
        _cleanup_(deflate_layer_freep) DeflateLayer *ours = deflate_layer_new(), *theirs = deflate_layer_new();
        static const char text[] = "* 1 FETCH (FLAGS (\\Seen) UID 4711 RFC822.SIZE 4711)\r\n";
        _cleanup_buffer_ Buffer packed = { 0 }, plain = { 0 };
        size_t first_size = 0;

        for (int i = 0; i < 3; i++) {
                buffer_clear(&packed);
                buffer_clear(&plain);
                deflate_layer_pack(ours, text, strlen(text), true, &packed);
                CHECK(packed.size < strlen(text) + 16);
                CHECK(i == 0 || packed.size < first_size);
                first_size = i == 0 ? packed.size : first_size;
                for (size_t k = 0; k < packed.size; k++) {
                        deflate_layer_feed(theirs, packed.data + k, 1);
                        CHECK_NUMBER(unpack_all(theirs, 7, &plain), 0);
                }
                CHECK_TEXT(plain.data, text);
        }
}

TEST("what is kept back comes with what is flushed") {
        _cleanup_(deflate_layer_freep) DeflateLayer *ours = deflate_layer_new(), *theirs = deflate_layer_new();
        _cleanup_buffer_ Buffer packed = { 0 }, plain = { 0 };

        deflate_layer_pack(ours, "one ", 4, false, &packed);
        deflate_layer_pack(ours, "two", 3, false, &packed);
        deflate_layer_pack(ours, "", 0, true, &packed);
        deflate_layer_pack(ours, "", 0, true, &packed);
        deflate_layer_feed(theirs, packed.data, packed.size);
        CHECK_NUMBER(unpack_all(theirs, 100, &plain), 0);
        CHECK_TEXT(plain.data, "one two");
}

TEST("a megabyte of zeros comes in the pieces that were asked for") {
        _cleanup_(deflate_layer_freep) DeflateLayer *ours = deflate_layer_new(), *theirs = deflate_layer_new();
        _cleanup_free_ char *zeros = make_array(char, 1 << 20);
        _cleanup_buffer_ Buffer packed = { 0 };
        size_t n_plain = 0;
        ssize_t n;

        deflate_layer_pack(ours, zeros, 1 << 20, true, &packed);
        CHECK(packed.size < 16 * 1024);
        deflate_layer_feed(theirs, packed.data, packed.size);
        do {
                _cleanup_buffer_ Buffer plain = { 0 };

                n = deflate_layer_unpack(theirs, 1000, &plain);
                CHECK(n >= 0 && n <= 1000 && (size_t) n == plain.size);
                n_plain += plain.size;
        } while (n > 0);
        CHECK_NUMBER(n_plain, 1 << 20);
}

TEST("what is no DEFLATE is said to be none, and so is its end") {
        static const char garbage[] = "a1 NOOP\r\n", end[] = { 3, 0 };
        _cleanup_(deflate_layer_freep) DeflateLayer *first = deflate_layer_new(), *second = deflate_layer_new();
        _cleanup_buffer_ Buffer plain = { 0 };

        CHECK_NUMBER(deflate_layer_unpack(first, 10, &plain), 0);
        deflate_layer_feed(first, garbage, strlen(garbage));
        CHECK_NUMBER(unpack_all(first, 100, &plain), -EBADMSG);
        deflate_layer_feed(second, end, sizeof(end));
        CHECK_NUMBER(unpack_all(second, 100, &plain), -EBADMSG);
        deflate_layer_feed(second, garbage, strlen(garbage));
        CHECK_NUMBER(unpack_all(second, 100, &plain), -EBADMSG);
}

TESTS_END
