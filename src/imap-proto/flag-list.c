/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flags and keywords as text. */
#include "imap-proto/flag-list.h"

#include "basic/text.h"
#include "imap-proto/imap-limits.h"

/* In the order of the bits. */
static const char *const flag_names[] = {
        "\\Answered", "\\Deleted", "\\Draft", "\\Flagged", "\\Seen", "\\Recent",
};

const char *flag_name(MessageFlags bit) {
        for (size_t i = 0; i < ELEMENTSOF(flag_names); i++)
                if (bit == UINT32_C(1) << i)
                        return flag_names[i];
        return NULL;
}

void flag_list_done(FlagList *list) {
        for (size_t i = 0; i < list->n_keywords; i++)
                free(list->keywords[i]);
        free(list->keywords);
        *list = (FlagList){ 0 };
}

bool keyword_is_legal(const char *text, size_t size) {
        if (size == 0 || size > IMAP_KEYWORD_MAX)
                return false;
        for (size_t i = 0; i < size; i++)
                if (text[i] <= ' ' || text[i] >= 0x7f || strchr("(){%*\"\\]", text[i]))
                        return false;
        return true;
}

static bool add_system_flag(FlagList *list, const char *text, size_t size,
                            const char **ret_error) {
        for (size_t i = 0; i < ELEMENTSOF(flag_names); i++)
                if (text_equal_nocase_range(text, size, flag_names[i])) {
                        MessageFlags bit = UINT32_C(1) << i;

                        if (bit == FLAG_RECENT) {
                                *ret_error = "No client may change this flag";
                                return false;
                        }
                        list->flags |= bit;
                        return true;
                }
        *ret_error = "Unknown system flag";
        return false;
}

static bool has_keyword(const FlagList *list, const char *text, size_t size) {
        for (size_t i = 0; i < list->n_keywords; i++)
                if (text_equal_nocase_range(text, size, list->keywords[i]))
                        return true;
        return false;
}

bool flag_list_add(FlagList *list, const char *text, size_t size, const char **ret_error) {
        if (size > 0 && *text == '\\')
                return add_system_flag(list, text, size, ret_error);
        if (!keyword_is_legal(text, size)) {
                *ret_error = "Illegal keyword";
                return false;
        }
        if (has_keyword(list, text, size))
                return true;
        if (list->n_keywords >= IMAP_FLAGS_MAX) {
                *ret_error = "Too many keywords";
                return false;
        }
        list->keywords = memory_resize(list->keywords, list->n_keywords + 1, sizeof(char *));
        list->keywords[list->n_keywords++] = text_dup_range(text, size);
        return true;
}
