/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a name without the prefix is the name of. */
#include "imap-proto/bare-name.h"

#include "basic/text.h"
#include "imap-proto/imap-limits.h"

static const char prefix[] = "INBOX/";

/* Courier's namespaces beside the own mailboxes; "#shared" is told by its '#'. */
static const char *const other_namespaces[] = { "INBOX", "shared" };

/* A level, with what follows it, that may be the first of a name: as far as it is known. */
static bool can_be(const char *text, size_t size, bool goes_on, const char *level) {
        for (size_t i = 0; level[i] != '\0'; i++) {
                if (i == size)
                        return goes_on;
                if (char_to_lower(text[i]) != char_to_lower(level[i]))
                        return false;
        }
        return size == strlen(level) || text[strlen(level)] == '/';
}

static bool is_bare(const char *text, size_t size, bool goes_on) {
        if (size == 0 || *text == '#')
                return false;
        for (size_t i = 0; i < ELEMENTSOF(other_namespaces); i++)
                if (can_be(text, size, goes_on, other_namespaces[i]))
                        return false;
        return true;
}

bool bare_name_is(const char *name) {
        return is_bare(name, strlen(name), false);
}

char *bare_name_prefixed(const char *name) {
        return text_printf("%s%s", prefix, name);
}

const char *bare_name_of(const char *name) {
        return text_starts_with(name, prefix) ? name + strlen(prefix) : name;
}

bool bare_name_prefix_pattern(ListPattern *pattern) {
        size_t n_known = strcspn(pattern->text, "%*");
        char *prefixed;

        if (!is_bare(pattern->text, n_known, n_known < pattern->size) ||
            pattern->size + strlen(prefix) > IMAP_MAILBOX_NAME_MAX)
                return false;
        prefixed = bare_name_prefixed(pattern->text);
        list_pattern_done(pattern);
        *pattern = (ListPattern){ .text = prefixed, .size = strlen(prefixed), .is_bare = true };
        return true;
}
