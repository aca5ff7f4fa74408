/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of a header, each read as a date, as parameters and as text. */
#include <stdint.h>
#include <stdlib.h>

#include "mime/date.h"
#include "mime/header.h"
#include "mime/parameter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_params(const HeaderField *field) {
        _cleanup_arena_ Arena arena = { 0 };
        ParameterReader reader = { field->value, field->value + field->value_size };
        MimeParam *params;
        size_t n_params;

        parameter_take_all(&reader, &arena, &params, &n_params);
        if (reader.at > reader.end)
                abort();
        for (size_t i = 0; i < n_params; i++) {
                if (!params[i].name || !params[i].value)
                        abort();
                free(mime_params_decode(params, n_params, params[i].name));
        }
        free(mime_params_decode(params, n_params, "filename"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        const char *header = (const char *) data;
        size_t position = 0, before = 0;
        HeaderField field;

        while (header_next(header, size, &position, &field)) {
                _cleanup_buffer_ Buffer text = { 0 };
                int64_t sec;
                int16_t zone;

                if (field.offset != before || field.size == 0 || field.offset + field.size != position)
                        abort();
                before = position;
                header_unfold(field.value, field.value_size, &text);
                if (text.size > field.value_size)
                        abort();
                if (mime_date_parse(field.value, field.value_size, &sec, &zone) &&
                    (zone <= -1440 || zone >= 1440 || sec > INT64_C(253402387200) || sec < -INT64_C(62300000000)))
                        abort();
                read_params(&field);
        }
        return 0;
}
