/* SPDX-License-Identifier: GPL-3.0-or-later */
/* imapd.specialuse as anybody may have written it: no use twice, and what is read is written as the same. */
#include <assert.h>
#include <stdint.h>

#include "basic/buffer.h"
#include "basic/text.h"
#include "maildir/special-use-file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_special_use_lines_ SpecialUseLines lines = { 0 }, again = { 0 };
        _cleanup_buffer_ Buffer octets = { 0 };

        special_use_lines_parse((const char *) data, size, &lines);
        assert(lines.n_lines <= SPECIAL_USE_LINES_MAX);
        for (size_t i = 0; i < lines.n_lines; i++) {
                buffer_printf(&octets, "%s %s\n", lines.lines[i].use, lines.lines[i].name);
                for (size_t k = 0; k < i; k++)
                        assert(!text_equal_nocase(lines.lines[i].use, lines.lines[k].use));
        }
        special_use_lines_parse(octets.data ? octets.data : "", octets.size, &again);
        assert(again.n_lines == lines.n_lines);
        (void) special_use_lines_rename(&lines, "INBOX.Sent", "INBOX.Away", true); /* whether or not */
        (void) special_use_lines_rename(&lines, "INBOX", NULL, true);
        return 0;
}
