/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packets to and from the TLS service. The monitor, which is root, reads what a worker answers. */
#include <stdint.h>
#include <stdlib.h>

#include "ipc/tls-record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_(json_record_freep) JsonRecord *text = NULL;
        _cleanup_tls_record_ TlsRecord record = { 0 }, again = { 0 };
        _cleanup_buffer_ Buffer packet = { 0 };
        TlsRequest request;

        if (tls_request_read((const char *) data, size, &text, &request) && !request.service)
                abort();
        if (!tls_record_read((const char *) data, size, &record))
                return 0;
        if (!record.message && !record.protocol)
                abort();
        tls_record_write(&record, &packet);
        if (packet.size <= TLS_ANSWER_MAX && !tls_record_read(packet.data, packet.size, &again))
                abort();
        return 0;
}
