/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message as FETCH shows it: every section lies in the file and has the size that is announced. */
#include <assert.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "imapd/bodystructure-write.h"
#include "imapd/envelope-write.h"
#include "imapd/section-source.h"
#include "mime/parser.h"
#include "mime/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_section(const FetchItem *item, const MimePart *root, const char *data, size_t size) {
        SectionSource source = section_find(item, root, size, 0);
        WireConverter converter = { 0 };

        if (!source.exists)
                return;
        assert(source.first <= source.end && source.end <= size);
        if (source.size_known)
                assert(source.size_wire == wire_count(&converter, data + source.first,
                                                      (size_t) (source.end - source.first), NULL));
}

static void check_sections(const MimePart *root, const char *data, size_t size) {
        static const FetchSection sections[] = {
                SECTION_ALL, SECTION_MIME, SECTION_HEADER, SECTION_TEXT, SECTION_HEADER_FIELDS,
        };

        for (uint32_t number = 0; number < 4 * 5 * 4; number++) {
                uint32_t path[] = { 1 + number % 4, 1 + number / 20 };

                for (size_t n_path = 1; n_path <= 2; n_path++) {
                        FetchItem item = {
                                .kind = FETCH_BODY_SECTION, .section = sections[number / 4 % 5],
                                .path = path, .n_path = n_path,
                        };
                        check_section(&item, root, data, size);
                }
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_(mime_part_freep) MimePart *root = mime_parse((const char *) data, size, NULL);
        _cleanup_buffer_ Buffer target = { 0 };
        ImapWriter writer = { .out = &target };

        envelope_write(&writer, root->envelope);
        bodystructure_write(&writer, root, true);
        bodystructure_write(&writer, root, false);
        check_sections(root, (const char *) data, size);
        return 0;
}
