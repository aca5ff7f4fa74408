/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/wire.h"

#include "basic/buffer.h"
#include "harness.h"

TEST("a lone LF becomes CRLF, whatever the pieces") {
        static const struct {
                const char *raw, *wire;
        } examples[] = {
                { "", "" }, { "\n", "\r\n" }, { "a\nb\n", "a\r\nb\r\n" }, { "a\r\nb\n", "a\r\nb\r\n" },
                { "\r\r\n\n\r", "\r\r\n\r\n\r" }, { "a\rb", "a\rb" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                size_t size = strlen(examples[i].raw);

                for (size_t piece = 1; piece <= size; piece++) {
                        _cleanup_buffer_ Buffer out = { 0 };
                        WireConverter converter = { 0 }, counter = { 0 };
                        uint64_t n_wire = 0;

                        for (size_t at = 0; at < size; at += piece) {
                                size_t n = MIN(piece, size - at);

                                wire_convert(&converter, examples[i].raw + at, n, &out);
                                n_wire += wire_count(&counter, examples[i].raw + at, n, NULL);
                        }
                        CHECK_TEXT(out.data, examples[i].wire);
                        CHECK_NUMBER(n_wire, strlen(examples[i].wire));
                }
        }
}

TEST("a NUL stays where it may") {
        static const char text[40] = "long enough for a block of \0 octets \0\n";
        _cleanup_buffer_ Buffer kept = { 0 }, shown = { 0 };
        WireConverter keeps = { .keeps_nuls = true }, shows = { 0 };

        wire_convert(&keeps, text, sizeof(text), &kept);
        wire_convert(&shows, text, sizeof(text), &shown);
        CHECK_NUMBER(kept.size, shown.size);
        for (size_t i = 0; i < kept.size; i++)
                CHECK(kept.data[i] == '\0' ? shown.data[i] == (char) 0x80 : shown.data[i] == kept.data[i]);
        CHECK(memchr(kept.data, '\0', kept.size) && !memchr(shown.data, '\0', shown.size));
}

TEST("long runs are converted and counted alike") {
        _cleanup_buffer_ Buffer raw = { 0 }, out = { 0 };
        WireConverter converter = { 0 }, counter = { 0 };
        uint64_t n_lines = 0;

        for (int i = 0; i < 3000; i++)
                buffer_append_text(&raw, i % 7 == 0 ? "\n" : i % 5 == 0 ? "word\r\n" : "some words\n");
        for (int i = 0; i < 9000; i++)
                buffer_append_text(&raw, "x");
        for (int i = 0; i < 9000; i++)
                buffer_append_text(&raw, i < 6000 ? "\n" : "\r\n");
        wire_convert(&converter, raw.data, raw.size, &out);
        CHECK_NUMBER(wire_count(&counter, raw.data, raw.size, &n_lines), out.size);
        CHECK_NUMBER(n_lines, 12000);
}

/* Long lines and short ones, empty ones, CRLF, NULs. */
static void make_raw(Buffer *raw) {
        for (int i = 0; i < 1200; i++) {
                for (int k = 0; k < i % 90; k++)
                        buffer_append_char(raw, k % 31 == 30 ? '\0' : 'x');
                buffer_append_text(raw, i % 3 == 0 ? "\n" : i % 3 == 1 ? "a\r\n" : "\r\n\n");
        }
}

/* The same, octet by octet, as anybody would write it. */
static void convert_plainly(const Buffer *raw, Buffer *out) {
        for (size_t i = 0; i < raw->size; i++) {
                if (raw->data[i] == '\n' && (i == 0 || raw->data[i - 1] != '\r'))
                        buffer_append_char(out, '\r');
                buffer_append_char(out, raw->data[i] != '\0' ? raw->data[i] : (char) 0x80);
        }
}

TEST("blocks give what octets give") {
        _cleanup_buffer_ Buffer raw = { 0 }, all = { 0 };

        make_raw(&raw);
        convert_plainly(&raw, &all);
        for (size_t piece = 1; piece < 300; piece++) {
                _cleanup_buffer_ Buffer out = { 0 };
                WireConverter converter = { 0 };

                for (size_t at = 0; at < raw.size; at += piece)
                        wire_convert(&converter, raw.data + at, MIN(piece, raw.size - at), &out);
                CHECK_NUMBER(out.size, all.size);
                CHECK(memcmp(out.data, all.data, all.size) == 0);
        }
}

TEST("a window gives the same octets as cutting them out of the whole") {
        _cleanup_buffer_ Buffer raw = { 0 }, all = { 0 };

        make_raw(&raw);
        convert_plainly(&raw, &all);
        for (size_t first = 0; first < all.size + 5; first += 61) {
                for (size_t size = 1; size < 9000; size = size * 7 + 1) {
                        _cleanup_buffer_ Buffer out = { 0 };
                        WireConverter converter = { 0 };
                        uint64_t skip = first, left = size;
                        size_t start = MIN(first, all.size), want = MIN(size, all.size - start);

                        for (size_t at = 0; at < raw.size && left > 0;) {
                                size_t n = MIN((size_t) 1000, raw.size - at);

                                at += skip > 0 ? wire_take(&converter, raw.data + at, n, &skip, NULL)
                                               : wire_take(&converter, raw.data + at, n, &left, &out);
                        }
                        CHECK_NUMBER(out.size, want);
                        CHECK_NUMBER(left, size - want);
                        CHECK(want == 0 || memcmp(out.data, all.data + start, want) == 0);
                }
        }
}

TEST("windows go on where the last one stopped, even in the middle of a line end") {
        _cleanup_buffer_ Buffer raw = { 0 }, all = { 0 };

        make_raw(&raw);
        convert_plainly(&raw, &all);
        for (uint64_t size = 1; size < 200; size += 3) {
                _cleanup_buffer_ Buffer out = { 0 };
                WireConverter converter = { 0 };

                for (size_t at = 0; at < raw.size || out.size < all.size;) {
                        uint64_t left = size;

                        at += wire_take(&converter, raw.data + at, raw.size - at, &left, &out);
                        CHECK(left == 0 || at == raw.size);
                }
                CHECK_NUMBER(out.size, all.size);
                CHECK(memcmp(out.data, all.data, all.size) == 0);
        }
}

TESTS_END
