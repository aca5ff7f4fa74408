/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headers, separated by NUL, become threads in which every message is once. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "imapd/threading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t count(void *userdata, uint32_t node) {
        uint8_t *seen = userdata;

        assert(seen[node]++ == 0);
        return node;
}

static int go_on(void *userdata) {
        return 0;
}

static void add(Threading *threading, int64_t date_sec, const char *header, size_t size) {
        _cleanup_buffer_ Buffer octets = { 0 };
        ThreadValue value;

        thread_value_build(header, size, &octets);
        if (!thread_value_read(octets.data, octets.size, &value))
                abort();
        threading_add(threading, date_sec, &value);
}

static void check(ThreadAlgorithm algorithm, const char *text, size_t size) {
        _cleanup_(thread_tree_done) ThreadTree tree = { 0 };
        _cleanup_(threading_done) Threading threading = { 0 };
        uint8_t *seen = make_array(uint8_t, size + 2);
        _cleanup_buffer_ Buffer out = { 0 };
        size_t n = 0, depth = 0;

        threading_init(&threading, algorithm);
        for (size_t at = 0; at < size; n++) {
                size_t length = strnlen(text + at, size - at);

                add(&threading, (int64_t) (length % 16), text + at, length);
                at += length + 1;
        }
        threading_finish(&threading, &tree);
        assert(thread_tree_write(&tree, count, go_on, seen, &out) == 0);
        for (size_t i = 1; i <= n; i++)
                assert(seen[i] == 1);
        for (size_t i = 0; i < out.size; i++) {
                depth += out.data[i] == '(';
                assert(out.data[i] != ')' || depth-- > 0);
        }
        assert(depth == 0);
        free(seen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        ThreadText id;
        ThreadValue value;

        if (thread_value_read((const char *) data, size, &value))
                while (thread_value_next(&value, &id))
                        assert(id.text >= (const char *) data && id.text + id.size <= (const char *) data + size);
        for (unsigned i = 0; i < _THREAD_ALGORITHM_MAX; i++)
                check((ThreadAlgorithm) i, (const char *) data, size);
        return 0;
}
