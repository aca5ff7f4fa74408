/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/buffer.h"
#include "harness.h"
#include "maildir/line-ends.h"

/* What reading does (mime/wire.h): each LF without a CR before it becomes CRLF. */
static void read_back(const Buffer *stored, Buffer *wire) {
        for (size_t i = 0; i < stored->size; i++) {
                if (stored->data[i] == '\n' && (i == 0 || stored->data[i - 1] != '\r'))
                        buffer_append_char(wire, '\r');
                buffer_append_char(wire, stored->data[i]);
        }
}

static void store(const char *text, size_t size, size_t piece, Buffer *stored, uint64_t *n_wire) {
        LineEnds ends = { 0 };
        char target[64];

        for (size_t at = 0; at < size; at += piece)
                buffer_append(stored, target, line_ends_store(&ends, text + at, MIN(piece, size - at), target));
        buffer_append(stored, target, line_ends_finish(&ends, target));
        *n_wire = ends.n_wire;
}

static bool has_lone_lf(const char *text, size_t size) {
        for (size_t i = 0; i < size; i++)
                if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
                        return true;
        return false;
}

TEST("every text of CR, LF and x up to seven octets comes back, in pieces of any size") {
        static const char letters[] = "\r\nx";

        for (unsigned length = 0, count = 1; length <= 7; length++, count *= 3)
                for (unsigned number = 0; number < count; number++) {
                        char text[8];

                        for (unsigned i = 0, rest = number; i < length; i++, rest /= 3)
                                text[i] = letters[rest % 3];
                        for (size_t piece = 1; piece <= 3; piece++) {
                                _cleanup_buffer_ Buffer stored = { 0 }, wire = { 0 };
                                uint64_t n_wire;

                                store(text, length, piece, &stored, &n_wire);
                                read_back(&stored, &wire);
                                CHECK_NUMBER(n_wire, wire.size);
                                if (!has_lone_lf(text, length))
                                        CHECK(wire.size == length &&
                                              (length == 0 || memcmp(wire.data, text, length) == 0));
                        }
                }
}

TEST("normal mail is stored with LF only") {
        _cleanup_buffer_ Buffer stored = { 0 };
        uint64_t n_wire;

        store("A: b\r\n\r\nc\r\n", 11, 64, &stored, &n_wire);
        CHECK_TEXT(stored.data, "A: b\n\nc\n");
        CHECK_NUMBER(n_wire, 11);
}

/* What the conversion is, octet by octet: a CR vanishes in front of LF, unless a CR is before it. */
static void store_plainly(const char *text, size_t size, Buffer *stored) {
        for (size_t i = 0; i < size; i++) {
                bool before_lf = text[i] == '\r' && i + 1 < size && text[i + 1] == '\n';

                if (!before_lf || (i > 0 && text[i - 1] == '\r'))
                        buffer_append_char(stored, text[i]);
        }
}

TEST("a line end is found wherever it stands in a long run, whatever the octets around it") {
        static const char *const ends[] = { "\n", "\r\n", "\r", "\r\r\n", "\r\n\r\n", "\n\r", "\x8d\x8a" };
        static const char fillers[] = "x\t\x0b\x0c\x0e\x8a\xff";

        for (size_t size = 8; size <= 50; size++)
                for (size_t at = 0; at + 4 <= size; at++)
                        for (size_t i = 0; i < ELEMENTSOF(ends); i++) {
                                _cleanup_buffer_ Buffer stored = { 0 }, plain = { 0 };
                                char text[64];
                                uint64_t n_wire;

                                memset(text, fillers[(at + i) % (sizeof(fillers) - 1)], size);
                                memcpy(text + at, ends[i], strlen(ends[i]));
                                store(text, size, size, &stored, &n_wire);
                                store_plainly(text, size, &plain);
                                CHECK_NUMBER(stored.size, plain.size);
                                CHECK(memcmp(stored.data, plain.data, plain.size) == 0);
                        }
}

TESTS_END
