/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A few decoders by name. */
#include "mime/charset-pool.h"

#include <string.h>

#include "basic/text.h"

void charset_pool_done(CharsetPool *pool) {
        for (size_t i = 0; i < CHARSET_POOL_MAX; i++)
                charset_decoder_free(pool->charsets[i].decoder);
        *pool = (CharsetPool){ 0 };
}

/*
 * A name that is too long is no charset's. Only those are used again that have no state: iconv's
 * UTF-16 and ISO-2022-KR remember what the text before announced.
 */
CharsetDecoder *charset_pool_take(CharsetPool *pool, const char *name) {
        const char *known = name && strlen(name) < CHARSET_POOL_NAME_SIZE ? name : "us-ascii";
        PooledCharset *charset;

        for (size_t i = 0; i < CHARSET_POOL_MAX; i++) {
                charset = &pool->charsets[i];
                if (!charset->decoder || !charset_is_ascii_compatible(known) ||
                    !text_equal_nocase(charset->name, known))
                        continue;
                charset_decoder_reset(charset->decoder);
                return charset->decoder;
        }
        charset = &pool->charsets[pool->next++ % CHARSET_POOL_MAX];
        charset_decoder_free(charset->decoder);
        memcpy(charset->name, known, strlen(known) + 1);
        charset->decoder = charset_decoder_new(known);
        return charset->decoder;
}
