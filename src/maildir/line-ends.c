/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CRLF to LF. */
#include "maildir/line-ends.h"

#include "basic/octet-block.h"

/* How many octets come before the first CR or LF. */
static size_t plain_size(const char *data, size_t size) {
        size_t n = 0;

        while (size - n >= OCTET_BLOCK) {
                OctetBlock block = octet_block_load(data + n);
                OctetBlock ends = (OctetBlock) (block == '\r') | (OctetBlock) (block == '\n');
                unsigned before = octet_block_first(ends);

                n += before;
                if (before < OCTET_BLOCK)
                        return n;
        }
        while (n < size && data[n] != '\r' && data[n] != '\n')
                n++;
        return n;
}

static size_t put(LineEnds *ends, const char *data, size_t size, char *target) {
        if (size == 0)
                return 0;
        memcpy(target, data, size);
        ends->last_is_cr = data[size - 1] == '\r';
        ends->n_wire += size;
        return size;
}

/* One LF. A held CR in front of it vanishes, unless another CR stands before that one. */
static size_t put_line_feed(LineEnds *ends, char *target) {
        size_t n = 0;

        if (ends->holds_cr && ends->last_is_cr)
                n += put(ends, "\r", 1, target);
        else
                ends->n_wire++; /* it is read as CRLF */
        ends->holds_cr = false;
        return n + put(ends, "\n", 1, target + n);
}

size_t line_ends_store(LineEnds *ends, const char *data, size_t size, char *target) {
        size_t n = 0;

        while (size > 0) {
                size_t plain;

                if (*data == '\n') {
                        n += put_line_feed(ends, target + n);
                        data++, size--;
                        continue;
                }
                if (ends->holds_cr)
                        n += put(ends, "\r", 1, target + n);
                ends->holds_cr = *data == '\r';
                if (ends->holds_cr) {
                        data++, size--;
                        continue;
                }
                plain = plain_size(data, size);
                n += put(ends, data, plain, target + n);
                data += plain, size -= plain;
        }
        return n;
}

size_t line_ends_finish(LineEnds *ends, char *target) {
        size_t n = ends->holds_cr ? put(ends, "\r", 1, target) : 0;

        ends->holds_cr = false;
        return n;
}
