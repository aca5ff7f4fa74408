/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decoders that are kept for the next text: opening one of iconv's takes longer than converting
 * the few words of a header field.
 */
#pragma once

#include "mime/charset.h"

enum { CHARSET_POOL_MAX = 4, CHARSET_POOL_NAME_SIZE = 65 };

typedef struct PooledCharset {
        char name[CHARSET_POOL_NAME_SIZE];
        CharsetDecoder *decoder; /* owned; NULL: free */
} PooledCharset;

/* Zero: empty. */
typedef struct CharsetPool {
        PooledCharset charsets[CHARSET_POOL_MAX];
        size_t next; /* to be replaced */
} CharsetPool;

#define _cleanup_charset_pool_ _cleanup_(charset_pool_done)
void charset_pool_done(CharsetPool *pool);

/**
 * charset_pool_take() - charset_decoder_new(), or one of before, as if it were new
 *
 * Borrowed, and until the next call only.
 */
CharsetDecoder *charset_pool_take(CharsetPool *pool, const char *name);
