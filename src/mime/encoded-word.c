/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "=?charset*language?B?text?=". Positions of the next "=?" and "?=" are remembered, so that
 * words without an end do not make the search for it quadratic.
 */
#include "mime/encoded-word.h"

#include <stdbool.h>
#include <string.h>

#include "basic/text.h"
#include "mime/charset-pool.h"
#include "mime/transfer.h"

enum { CHARSET_NAME_MAX = 64 };

typedef struct WordReader {
        const char *at, *end;
        const char *next_start, *next_end; /* where "=?" and "?=" were found last */
        Buffer *target;
        const char *raw_charset; /* of text outside words */
        CharsetPool *pool;
        char charset[CHARSET_NAME_MAX + 1];
        CharsetDecoder *decoder; /* the pool's, of the word before; NULL when text was between */
        Buffer octets;
} WordReader;

typedef struct EncodedWord {
        char charset[CHARSET_NAME_MAX + 1];
        bool is_base64;
        const char *text, *text_end;
        const char *end;
} EncodedWord;

static bool is_space(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next pair of characters at or behind from; end when there is none. */
static const char *find_pair(const WordReader *reader, const char **cached, const char *from,
                             const char *pair) {
        const char *found = *cached;

        if (found && found >= from)
                return found;
        for (found = from; (found = memchr(found, pair[0], (size_t) (reader->end - found)));
             found++)
                if (found + 1 < reader->end && found[1] == pair[1])
                        break;
        *cached = found ? found : reader->end;
        return *cached;
}

/* reader->at is at "=?". */
static bool read_word(WordReader *reader, EncodedWord *ret_word) {
        const char *name = reader->at + 2, *c = name;
        size_t n_name;

        while (c < reader->end && c - name <= CHARSET_NAME_MAX && *c != '?' && !is_space(*c))
                c++;
        if (reader->end - c < 3 || *c != '?' || c == name || c - name > CHARSET_NAME_MAX ||
            !strchr("bBqQ", c[1]) || c[1] == '\0' || c[2] != '?')
                return false;
        ret_word->is_base64 = c[1] == 'b' || c[1] == 'B';
        ret_word->text = c + 3;
        ret_word->text_end = find_pair(reader, &reader->next_end, ret_word->text, "?=");
        if (ret_word->text_end == reader->end ||
            find_pair(reader, &reader->next_start, ret_word->text, "=?") + 1 < ret_word->text_end)
                return false;
        ret_word->end = ret_word->text_end + 2;

        n_name = (size_t) (c - name);
        memcpy(ret_word->charset, name, n_name);
        ret_word->charset[n_name] = '\0';
        ret_word->charset[strcspn(ret_word->charset, "*")] = '\0'; /* the language */
        return true;
}

static int hex_digit(char c) {
        c = char_to_lower(c);
        return char_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void decode_q(const char *text, const char *end, Buffer *target) {
        for (; text < end; text++) {
                int high = *text == '=' && end - text > 2 ? hex_digit(text[1]) : -1;
                int low = high >= 0 ? hex_digit(text[2]) : -1;

                if (low >= 0) {
                        buffer_append_char(target, (char) (high << 4 | low));
                        text += 2;
                } else {
                        buffer_append_char(target, *text == '_' ? ' ' : *text);
                }
        }
}

static void decode_b(const char *text, const char *end, Buffer *target) {
        TransferDecoder decoder;

        transfer_decoder_init(&decoder, "base64");
        transfer_decode(&decoder, text, (size_t) (end - text), target);
        transfer_decode_finish(&decoder, target);
}

static void end_words(WordReader *reader) {
        if (reader->decoder)
                charset_decode_finish(reader->decoder, reader->target);
        reader->decoder = NULL;
}

static void append_word(WordReader *reader, const EncodedWord *word) {
        if (reader->decoder && !text_equal_nocase(reader->charset, word->charset))
                end_words(reader);
        if (!reader->decoder) {
                memcpy(reader->charset, word->charset, sizeof(reader->charset));
                reader->decoder = charset_pool_take(reader->pool, word->charset);
        }
        buffer_clear(&reader->octets);
        if (word->is_base64)
                decode_b(word->text, word->text_end, &reader->octets);
        else
                decode_q(word->text, word->text_end, &reader->octets);
        charset_decode(reader->decoder, reader->octets.data, reader->octets.size,
                       reader->target);
        reader->at = word->end;
}

static void append_raw(WordReader *reader, const char *start, const char *end) {
        if (start == end)
                return;
        end_words(reader);
        if (!reader->raw_charset) {
                buffer_append(reader->target, start, (size_t) (end - start));
                return;
        }
        reader->decoder = charset_pool_take(reader->pool, reader->raw_charset);
        charset_decode(reader->decoder, start, (size_t) (end - start), reader->target);
        end_words(reader);
}

/* White space behind a word waits until it is known whether a word follows. */
static const char *skip_space(const WordReader *reader, const char *at) {
        while (at < reader->end && is_space(*at))
                at++;
        return at;
}

void encoded_word_decode(const char *text, size_t size, Buffer *target) {
        _cleanup_charset_pool_ CharsetPool pool = { 0 };

        encoded_word_decode_with(&pool, text, size, target);
}

void encoded_word_decode_with(CharsetPool *pool, const char *text, size_t size, Buffer *target) {
        WordReader reader = { .at = text, .target = target, .pool = pool };
        const char *raw = text; /* not given out yet */
        EncodedWord word;

        if (size == 0)
                return; /* there may be no text at all */
        reader.end = text + size;
        if (!text_is_utf8(text, size))
                reader.raw_charset = "windows-1252";
        while (reader.at < reader.end) {
                reader.at = find_pair(&reader, &reader.next_start, reader.at, "=?");
                if (reader.at == reader.end)
                        break;
                if (!read_word(&reader, &word)) {
                        reader.at += 2;
                        continue;
                }
                if (!reader.decoder || skip_space(&reader, raw) != reader.at)
                        append_raw(&reader, raw, reader.at);
                append_word(&reader, &word);
                raw = reader.at;
        }
        append_raw(&reader, raw, reader.end);
        end_words(&reader);
        buffer_done(&reader.octets);
}
