/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading settings out of the environment. */
#include "basic/setting.h"

#include <inttypes.h>

#include "basic/buffer.h"
#include "basic/log.h"
#include "basic/text.h"

/* Deep enough for "$A" in "$B" in "$C"; a cycle ends here instead of filling memory. */
enum { EXPANSION_DEPTH_MAX = 4, EXPANSION_OCTETS_MAX = 65536 };

static bool is_name_char(char c) {
        return char_is_alpha(c) || char_is_digit(c) || c == '_';
}

static void expand(Buffer *target, const char *text, int depth) {
        while (*text && target->size < EXPANSION_OCTETS_MAX) {
                const char *start, *end;
                bool braced = text[0] == '$' && text[1] == '{';

                start = end = text + (braced ? 2 : 1);
                while (text[0] == '$' && is_name_char(*end))
                        end++;
                if (end == start || text[0] != '$' || (braced && *end != '}')) {
                        buffer_append_char(target, *text++);
                        continue;
                }
                _cleanup_free_ char *name = text_dup_range(start, (size_t) (end - start));
                const char *value = getenv(name);
                if (value && depth < EXPANSION_DEPTH_MAX)
                        expand(target, value, depth + 1);
                text = end + (braced ? 1 : 0);
        }
}

char *setting_text(const char *name, const char *fallback) {
        const char *value = getenv(name);
        Buffer expanded = { 0 };

        if (value && *value)
                expand(&expanded, value, 0);
        if (expanded.size > 0)
                return buffer_take_text(&expanded);
        buffer_done(&expanded);
        return fallback ? text_dup(fallback) : NULL;
}

bool setting_flag(const char *name, bool fallback) {
        const char *value = getenv(name);

        if (!value || !*value)
                return fallback;
        return strtol(value, NULL, 10) != 0;
}

bool setting_yes(const char *name, bool fallback) {
        const char *value = getenv(name);

        if (!value || !*value)
                return fallback;
        return *value == 'y' || *value == 'Y';
}

uint64_t setting_number(const char *name, uint64_t fallback, uint64_t min, uint64_t max) {
        const char *value = getenv(name);
        uint64_t number;

        if (!value || !*value)
                return fallback;
        if (!text_parse_u64(value, &number) || number < min || number > max) {
                log_report(LOG_WARNING, "Setting %s='%s' is not a number from %" PRIu64
                           " to %" PRIu64 ", using %" PRIu64 ".", name, value, min, max, fallback);
                return fallback;
        }
        return number;
}

bool setting_is_set(const char *name) {
        return getenv(name) != NULL;
}
