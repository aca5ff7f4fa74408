/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LIST patterns: lines of reference, pattern and name; short ones are checked by trying all. */
#include <assert.h>
#include <stdint.h>

#include "basic/text.h"
#include "imap-proto/list-pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SHORT = 16 };

/* By definition, exponential; without INBOX's letters, which the caller keeps away. */
static bool matches(const char *pattern, const char *name) {
        if (*pattern == '\0')
                return *name == '\0';
        if (*pattern != '*' && *pattern != '%')
                return *name == *pattern && matches(pattern + 1, name + 1);
        return matches(pattern + 1, name) ||
               (*name != '\0' && (*pattern == '*' || *name != '/') && matches(pattern, name + 1));
}

static char *take_line(const char **at, const char *end) {
        size_t n = 0;
        char *line;

        while (*at + n < end && (*at)[n] != '\n' && (*at)[n] != '\0')
                n++;
        line = text_dup_range(*at, n);
        *at += MIN(n + 1, (size_t) (end - *at));
        return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        const char *at = (const char *) data, *end = at + size;
        _cleanup_free_ char *reference = take_line(&at, end), *text = take_line(&at, end),
                            *name = take_line(&at, end);
        _cleanup_list_pattern_ ListPattern pattern = { 0 };
        bool got;

        if (list_pattern_init(reference, text, size % 2, &pattern) != LIST_PATTERN_DONE)
                return 0;
        got = list_pattern_matches(&pattern, name);
        if (pattern.size <= SHORT && strlen(name) <= SHORT && !text_starts_with(name, "INBOX"))
                assert(got == matches(pattern.text, name));
        return 0;
}
