/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of message_matches(), for those who may not look into search/. */
#pragma once

#include <stddef.h>

#include "basic/memory.h"

typedef struct SearchText SearchText;

/** search_needle_new() - search_text_new(): prepared once for all messages; @text is UTF-8 */
SearchText *search_needle_new(const char *text, size_t size);
SearchText *search_needle_free(SearchText *needle);
DEFINE_CLEANUP(SearchText *, search_needle_free);
