/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maildir++ folder names since Courier-IMAP 5.0: UTF-8, levels joined with '.'. */
#include "maildir/folder-name.h"

#include <string.h>

#include "basic/text.h"

static const char inbox[] = "INBOX";

/* Levels that are not empty and hold no separator of either kind. */
static bool levels_are_valid(const char *levels, char separator, char forbidden) {
        bool at_start = true;

        for (const char *c = levels; *c; c++) {
                if (*c == separator) {
                        if (at_start)
                                return false;
                        at_start = true;
                        continue;
                }
                if (*c == forbidden || char_is_control(*c))
                        return false;
                at_start = false;
        }
        return !at_start && text_is_utf8(levels, strlen(levels));
}

int folder_name_to_directory(const char *name, char ret_directory[FOLDER_DIRECTORY_SIZE]) {
        size_t size = strlen(name), prefix = strlen(inbox);

        if (text_equal(name, inbox)) {
                strcpy(ret_directory, ".");
                return FOLDER_NAME_DONE;
        }
        if (!text_starts_with(name, inbox) || name[prefix] != '/' ||
            !levels_are_valid(name + prefix + 1, '/', '.'))
                return FOLDER_NAME_INVALID;
        if (size - prefix >= FOLDER_DIRECTORY_SIZE)
                return FOLDER_NAME_TOO_LONG;
        memcpy(ret_directory, name + prefix, size - prefix + 1);
        for (char *c = ret_directory; *c; c++)
                if (*c == '/')
                        *c = '.';
        return FOLDER_NAME_DONE;
}

bool folder_name_from_directory(const char *directory, char **ret_name) {
        char *name;

        if (directory[0] != '.' || !levels_are_valid(directory + 1, '.', '/'))
                return false;
        name = text_printf("%s%s", inbox, directory);
        for (char *c = name; *c; c++)
                if (*c == '.')
                        *c = '/';
        *ret_name = name;
        return true;
}

bool folder_name_is_below(const char *name, const char *parent) {
        return text_starts_with(name, parent) && name[strlen(parent)] == '/';
}
