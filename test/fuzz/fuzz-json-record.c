/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One JSON object: every text found in it is inside the record and terminated. */
#include <stdint.h>
#include <string.h>

#include "ipc/json-record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_text(void *context, const char *name, const char *text) {
        *(size_t *) context += strlen(name) + strlen(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_(json_record_freep) JsonRecord *record = NULL;
        size_t n_octets = 0;
        uint64_t number;

        if (!json_record_parse((const char *) data, size, &record))
                return 0;
        json_node_each_text(json_record_root(record), on_text, &n_octets);
        json_node_each_text(json_node_object(json_record_root(record), "o"), on_text, &n_octets);
        (void) json_node_number(json_record_root(record), "n", UINT64_MAX, &number);
        return n_octets > size ? -1 : 0; /* cannot be: escapes only shrink */
}
