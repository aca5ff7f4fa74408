/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flags and keywords as text (RFC 9051, section 2.3.2; facts about Courier's keywords). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "basic/flag.h"
#include "basic/memory.h"

typedef struct FlagList {
        MessageFlags flags;
        char **keywords; /* owned; as the client wrote them, none twice (ASCII case ignored) */
        size_t n_keywords;
} FlagList;

#define _cleanup_flag_list_ _cleanup_(flag_list_done)

void flag_list_done(FlagList *list);

/**
 * flag_list_add() - add one flag or keyword
 * @ret_error:  on false a static sentence: \Recent, an unknown \X, an illegal keyword, too many
 */
[[nodiscard]] bool flag_list_add(FlagList *list, const char *text, size_t size,
                                 const char **ret_error);

/** keyword_is_legal() - no control, space, 8-bit or ( ) { % * " \ ], not empty, not too long */
_pure_ bool keyword_is_legal(const char *text, size_t size);

/** flag_name() - "\Seen" for one bit; NULL for what is no flag */
_const_ const char *flag_name(MessageFlags bit);
