/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LF → CRLF while octets stream through; existing CRLF stays as it is. */
#include "mime/wire.h"

#include <string.h>

#include "basic/memory.h"

enum {
        STAGE_OCTETS = 4 * 1024,
        COUNT_OCTETS = 64, /* a loop of known length, which compilers turn into vectors */
};

typedef struct Stage {
        WireSink sink;
        void *userdata;
        size_t size;
        char data[STAGE_OCTETS];
} Stage;

static void flush(Stage *stage) {
        if (stage->size > 0)
                stage->sink(stage->userdata, stage->data, stage->size);
        stage->size = 0;
}

static void put(Stage *stage, const char *data, size_t size) {
        if (size > sizeof(stage->data) - stage->size)
                flush(stage);
        if (size > sizeof(stage->data)) {
                stage->sink(stage->userdata, data, size);
                return;
        }
        memcpy(stage->data + stage->size, data, size);
        stage->size += size;
}

void wire_convert(WireConverter *converter, const char *data, size_t size, WireSink sink,
                  void *userdata) {
        const char *end = data + size, *start = data;
        Stage stage;

        if (size == 0)
                return;
        stage.sink = sink;
        stage.userdata = userdata;
        stage.size = 0;
        for (const char *lf; (lf = memchr(start, '\n', (size_t) (end - start))); start = lf + 1) {
                bool has_cr = lf > data ? lf[-1] == '\r' : converter->after_cr;

                put(&stage, start, (size_t) (lf - start));
                put(&stage, has_cr ? "\n" : "\r\n", has_cr ? 1 : 2);
        }
        put(&stage, start, (size_t) (end - start));
        flush(&stage);
        converter->after_cr = end[-1] == '\r';
}

/* data[-1] must exist. */
static void count_block(const char *data, uint64_t *n_lf, uint64_t *n_crlf) {
        unsigned char lf = 0, crlf = 0;

        for (int i = 0; i < COUNT_OCTETS; i++) {
                unsigned char is_lf = data[i] == '\n', is_behind_cr = data[i - 1] == '\r';

                lf = (unsigned char) (lf + is_lf);
                crlf = (unsigned char) (crlf + (is_lf & is_behind_cr));
        }
        *n_lf += lf;
        *n_crlf += crlf;
}

uint64_t wire_count(WireConverter *converter, const char *data, size_t size, uint64_t *n_lines) {
        uint64_t n_lf, n_crlf;
        size_t at = 1;

        if (size == 0)
                return 0;
        n_lf = data[0] == '\n';
        n_crlf = n_lf && converter->after_cr;
        for (; size - at >= COUNT_OCTETS; at += COUNT_OCTETS)
                count_block(data + at, &n_lf, &n_crlf);
        for (; at < size; at++) {
                n_lf += data[at] == '\n';
                n_crlf += data[at] == '\n' && data[at - 1] == '\r';
        }
        converter->after_cr = data[size - 1] == '\r';
        if (n_lines)
                *n_lines += n_lf;
        return size + n_lf - n_crlf;
}

typedef struct WindowSink {
        WireWindow *window;
        WireSink sink;
        void *userdata;
} WindowSink;

static void on_wire(void *userdata, const char *data, size_t size) {
        WindowSink *target = userdata;
        size_t skipped = (size_t) MIN(target->window->skip, (uint64_t) size);
        size_t taken = (size_t) MIN(target->window->left, (uint64_t) (size - skipped));

        target->window->skip -= skipped;
        target->window->left -= taken;
        if (taken > 0)
                target->sink(target->userdata, data + skipped, taken);
}

bool wire_window_feed(WireWindow *window, const char *data, size_t size, WireSink sink,
                      void *userdata) {
        WindowSink target = { window, sink, userdata };

        while (size > 0 && window->left > 0) {
                size_t piece = MIN(size, (size_t) STAGE_OCTETS);
                WireConverter ahead = window->converter;
                uint64_t n_wire = wire_count(&ahead, data, piece, NULL);

                if (n_wire <= window->skip)
                        window->skip -= n_wire;
                else
                        wire_convert(&window->converter, data, piece, on_wire, &target);
                window->converter = ahead;
                data += piece;
                size -= piece;
        }
        return window->left > 0;
}
