/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/wire.h"

#include "basic/buffer.h"
#include "harness.h"

static void on_wire(void *userdata, const char *data, size_t size) {
        buffer_append(userdata, data, size);
}

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

                                wire_convert(&converter, examples[i].raw + at, n, on_wire, &out);
                                n_wire += wire_count(&counter, examples[i].raw + at, n, NULL);
                        }
                        CHECK_TEXT(out.data, examples[i].wire);
                        CHECK_NUMBER(n_wire, strlen(examples[i].wire));
                }
        }
}

TEST("long runs are converted and counted alike") {
        _cleanup_buffer_ Buffer raw = { 0 }, out = { 0 };
        WireConverter converter = { 0 }, counter = { 0 };
        uint64_t n_lines = 0;

        for (int i = 0; i < 3000; i++)
                buffer_append_text(&raw, i % 7 == 0 ? "\n" : i % 5 == 0 ? "word\r\n" : "some words\n");
        for (int i = 0; i < 9000; i++)
                buffer_append_text(&raw, "x");
        wire_convert(&converter, raw.data, raw.size, on_wire, &out);
        CHECK_NUMBER(wire_count(&counter, raw.data, raw.size, &n_lines), out.size);
        CHECK_NUMBER(n_lines, 3000);
}

TEST("a window gives the same octets as cutting them out of the whole") {
        _cleanup_buffer_ Buffer raw = { 0 }, all = { 0 };
        WireConverter converter = { 0 };

        for (int i = 0; i < 1200; i++)
                buffer_append_text(&raw, i % 3 == 0 ? "\n" : i % 3 == 1 ? "a\r\n" : "some words\n");
        wire_convert(&converter, raw.data, raw.size, on_wire, &all);
        for (size_t first = 0; first < all.size + 5; first += 61) {
                for (size_t size = 1; size < 9000; size = size * 7 + 1) {
                        _cleanup_buffer_ Buffer out = { 0 };
                        WireWindow window = wire_window(first, size);
                        size_t start = MIN(first, all.size), want = MIN(size, all.size - start);

                        for (size_t at = 0; at < raw.size; at += 1000)
                                if (!wire_window_feed(&window, raw.data + at, MIN(1000, raw.size - at),
                                                      on_wire, &out))
                                        break;
                        CHECK_NUMBER(out.size, want);
                        CHECK(want == 0 || memcmp(out.data, all.data + start, want) == 0);
                }
        }
}

TESTS_END
