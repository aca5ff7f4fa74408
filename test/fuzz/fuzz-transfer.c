/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies in each encoding and on the wire: pieces give what the whole gives. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mime/transfer.h"
#include "mime/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode(TransferEncoding encoding, bool to_wire, const char *data, size_t size, size_t piece,
                   Buffer *out) {
        const char *name = transfer_encoding_to_name(encoding);
        TransferDecoder decoder;

        if (!to_wire)
                transfer_decoder_init(&decoder, name);
        else if (!transfer_decoder_init_wire(&decoder, name))
                abort();
        for (size_t at = 0; at < size; at += piece)
                transfer_decode(&decoder, data + at, MIN(piece, size - at), out);
        transfer_decode_finish(&decoder, out);
}

static void check_wire(const char *data, size_t size, size_t piece) {
        _cleanup_buffer_ Buffer whole = { 0 }, window = { 0 };
        WireConverter converter = { 0 }, counter = { 0 }, windows = { 0 };
        uint64_t skip = piece * 3, left = piece * 5;
        size_t first, want;

        wire_convert(&converter, data, size, &whole);
        if (wire_count(&counter, data, size, NULL) != whole.size)
                abort();
        for (size_t at = 0; at < size && left > 0;) {
                size_t n = MIN(piece, size - at);

                at += skip > 0 ? wire_take(&windows, data + at, n, &skip, NULL)
                               : wire_take(&windows, data + at, n, &left, &window);
        }
        first = MIN(piece * 3, whole.size);
        want = MIN(piece * 5, whole.size - first);
        if (window.size != want || (want > 0 && memcmp(window.data, whole.data + first, want) != 0))
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        const char *text = (const char *) data;
        size_t piece = size > 0 ? data[0] % 97 + 1 : 1;

        for (int i = 0; i < 2 * _TRANSFER_ENCODING_MAX; i++) {
                _cleanup_buffer_ Buffer whole = { 0 }, pieces = { 0 };
                bool to_wire = i >= _TRANSFER_ENCODING_MAX;
                TransferEncoding encoding = (TransferEncoding) (i % _TRANSFER_ENCODING_MAX);

                decode(encoding, to_wire, text, size, size + 1, &whole);
                decode(encoding, to_wire, text, size, piece, &pieces);
                if (whole.size > (to_wire ? 2 * size : size) || whole.size != pieces.size ||
                    (whole.size > 0 && memcmp(whole.data, pieces.data, whole.size) != 0))
                        abort();
        }
        check_wire(text, size, piece);
        return 0;
}
