/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of message files: every text is one; rewriting it keeps base name and flags, and rests there. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "basic/text.h"
#include "maildir/folder-name.h"
#include "maildir/message-name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_folder(const char *text) {
        char directory[FOLDER_DIRECTORY_SIZE];
        _cleanup_free_ char *name = NULL;

        if (folder_name_to_directory(text, directory) != FOLDER_NAME_DONE || text_equal(directory, "."))
                return;
        if (strchr(directory, '/') || !folder_name_from_directory(directory, &name) || !text_equal(name, text))
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        _cleanup_free_ char *text = text_dup_range((const char *) data, size), *written = NULL;
        MessageName name, again;
        uint64_t octets;

        check_folder(text);
        message_name_parse(text, &name);
        (void) message_name_size(text, name.base_size, 'S', &octets);
        written = message_name_format(text, name.base_size, name.suffix, name.flags, name.letters);
        message_name_parse(written, &again);
        if (again.base_size != name.base_size || again.flags != name.flags || again.letters != name.letters)
                abort();
        if (!message_name_is_same(text, written) || message_name_compare(text, written) != 0)
                abort();
        return 0;
}
