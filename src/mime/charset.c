/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UTF-8 and ASCII are checked here; everything else is iconv's. Its descriptors are opened when
 * needed: a session that never searches never loads a converter.
 */
#include "mime/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "basic/names.h"
#include "basic/text.h"

enum {
        NAME_MAX_OCTETS = 63,
        HELD_MAX = 16,      /* an incomplete character or escape sequence */
        PIECE_OCTETS = 1024, /* of input converted at once */
        GROWTH = 4,
};

#define REPLACEMENT "\xef\xbf\xbd"

typedef enum CharsetKind { CHARSET_ASCII, CHARSET_UTF8, CHARSET_OTHER } CharsetKind;

struct CharsetDecoder {
        CharsetKind kind;
        iconv_t iconv;
        bool is_ascii_compatible;
        char held[HELD_MAX];
        size_t n_held;
};

/* What mail calls a charset and iconv does not, or not the way mail means it (WHATWG). */
static const char *const aliases[][2] = {
        { "iso-8859-1", "windows-1252" },  { "latin1", "windows-1252" },
        { "iso-8859-8-i", "iso-8859-8" },  { "x-sjis", "cp932" },
        { "shift_jis", "cp932" },          { "ks_c_5601-1987", "cp949" },
        { "euc-kr", "cp949" },             { "gb2312", "gb18030" },
        { "gbk", "gb18030" },              { "x-gbk", "gb18030" },
        { "unicode-1-1-utf-7", "utf-7" },  { "x-mac-roman", "macintosh" },
        { "iso-8859-9", "windows-1254" },  { "cp-850", "cp850" },
        { "x-unknown", "us-ascii" },
};

static CharsetKind kind_of(const char *name) {
        static const char *const ascii[] = { "us-ascii", "ascii", "ansi_x3.4-1968", "x-unknown" };

        if (!name || names_find(ascii, ELEMENTSOF(ascii), name) >= 0)
                return CHARSET_ASCII;
        if (text_equal_nocase(name, "utf-8") || text_equal_nocase(name, "utf8"))
                return CHARSET_UTF8;
        return CHARSET_OTHER;
}

static const char *name_for_iconv(const char *name) {
        for (size_t i = 0; i < ELEMENTSOF(aliases); i++)
                if (text_equal_nocase(aliases[i][0], name))
                        return aliases[i][1];
        return name;
}

/* Only letters, digits and "-_.:+": iconv gives a meaning to '/', and loads files by name. */
static iconv_t open_iconv(const char *name) {
        size_t size = strlen(name);

        if (size == 0 || size > NAME_MAX_OCTETS)
                return (iconv_t) -1;
        for (const char *c = name; *c; c++)
                if (!char_is_alpha(*c) && !char_is_digit(*c) && !strchr("-_.:+", *c))
                        return (iconv_t) -1;
        return iconv_open("UTF-8", name_for_iconv(name));
}

bool charset_is_known(const char *name) {
        iconv_t iconv;

        if (kind_of(name) != CHARSET_OTHER)
                return true;
        iconv = open_iconv(name);
        if (iconv == (iconv_t) -1)
                return false;
        iconv_close(iconv);
        return true;
}

bool charset_is_ascii_compatible(const char *name) {
        static const char *const prefixes[] = {
                "iso-8859-", "windows-12", "cp12", "koi8-", "latin", "gb", "big5", "euc-",
        };

        if (kind_of(name) != CHARSET_OTHER)
                return true;
        for (size_t i = 0; i < ELEMENTSOF(prefixes); i++)
                if (text_starts_with_nocase(name, prefixes[i]))
                        return true;
        return false;
}

CharsetDecoder *charset_decoder_new(const char *name) {
        CharsetDecoder *decoder = make(CharsetDecoder, .kind = kind_of(name));

        decoder->iconv = (iconv_t) -1;
        if (decoder->kind == CHARSET_OTHER) {
                decoder->iconv = open_iconv(name);
                decoder->is_ascii_compatible = charset_is_ascii_compatible(name);
                if (decoder->iconv == (iconv_t) -1)
                        decoder->kind = CHARSET_ASCII;
        }
        return decoder;
}

CharsetDecoder *charset_decoder_free(CharsetDecoder *decoder) {
        if (decoder) {
                if (decoder->iconv != (iconv_t) -1)
                        iconv_close(decoder->iconv);
                free(decoder);
        }
        return NULL;
}

static size_t ascii_run(const char *data, size_t size) {
        size_t n = 0;

        while (n < size && (unsigned char) data[n] < 0x80)
                n++;
        return n;
}

static void decode_ascii(const char *data, size_t size, Buffer *target) {
        while (size > 0) {
                size_t n = ascii_run(data, size);

                buffer_append(target, data, n);
                if (n < size) {
                        buffer_append_text(target, REPLACEMENT);
                        n++;
                }
                data += n;
                size -= n;
        }
}

/* Octets of the character that starts here; 0 when it is broken, -1 when more must come. */
static int utf8_size(const unsigned char *c, size_t size) {
        int want = c[0] < 0x80 ? 1 : c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3
                 : c[0] < 0xf5 ? 4 : 0;
        unsigned char low = c[0] == 0xe0 ? 0xa0 : c[0] == 0xf0 ? 0x90 : 0x80;
        unsigned char high = c[0] == 0xed ? 0x9f : c[0] == 0xf4 ? 0x8f : 0xbf;

        for (int i = 1; i < want; i++) {
                if ((size_t) i >= size)
                        return -1;
                if (c[i] < low || c[i] > high)
                        return 0;
                low = 0x80;
                high = 0xbf;
        }
        return want;
}

/* Return: octets taken; the rest is the start of a character. */
static size_t decode_utf8(const char *data, size_t size, Buffer *target) {
        size_t at = 0, start = 0;

        while (at += ascii_run(data + at, size - at), at < size) {
                int n = utf8_size((const unsigned char *) data + at, size - at);

                if (n < 0)
                        break;
                if (n > 0) {
                        at += (size_t) n;
                        continue;
                }
                buffer_append(target, data + start, at - start);
                buffer_append_text(target, REPLACEMENT);
                start = ++at;
        }
        buffer_append(target, data + start, at - start);
        return at;
}

/* iconv's UTF-8 has more characters than ours. */
static void append_checked(const char *data, size_t size, Buffer *target) {
        if (decode_utf8(data, size, target) < size)
                buffer_append_text(target, REPLACEMENT);
}

/* Return: octets taken. */
static size_t decode_iconv(CharsetDecoder *decoder, const char *data, size_t size,
                           Buffer *target) {
        char *in = (char *) data; /* iconv() does not write there */
        size_t left = size;

        while (left > 0) {
                char converted[PIECE_OCTETS * GROWTH], *out = converted;
                size_t piece = MIN(left, (size_t) PIECE_OCTETS), n_in = piece;
                size_t n_out = sizeof(converted), n_ascii, r;
                int error;

                n_ascii = decoder->is_ascii_compatible ? ascii_run(in, piece) : 0;
                if (n_ascii > 0) {
                        buffer_append(target, in, n_ascii);
                        in += n_ascii;
                        left -= n_ascii;
                        continue;
                }
                r = iconv(decoder->iconv, &in, &n_in, &out, &n_out);
                error = r == (size_t) -1 ? errno : 0;
                append_checked(converted, (size_t) (out - converted), target);
                left -= piece - n_in;
                if (error == EILSEQ) {
                        buffer_append_text(target, REPLACEMENT);
                        in++;
                        left--;
                } else if (error == EINVAL && (n_in == left || n_in == piece)) {
                        break; /* incomplete at the end, or longer than any character */
                }
        }
        return size - left;
}

static size_t decode(CharsetDecoder *decoder, const char *data, size_t size, Buffer *target) {
        if (decoder->kind == CHARSET_OTHER)
                return decode_iconv(decoder, data, size, target);
        return decode_utf8(data, size, target);
}

/* Adds octets to those that wait until they have all been taken. Return: octets of data taken. */
static size_t decode_held(CharsetDecoder *decoder, const char *data, size_t size,
                          Buffer *target) {
        size_t n_before = decoder->n_held;
        size_t n_added = MIN(size, sizeof(decoder->held) - n_before), taken;

        memcpy(decoder->held + n_before, data, n_added);
        taken = decode(decoder, decoder->held, n_before + n_added, target);
        if (taken >= n_before) {
                decoder->n_held = 0;
                return taken - n_before;
        }
        if (taken == 0 && n_before + n_added == sizeof(decoder->held)) {
                buffer_append_text(target, REPLACEMENT); /* nothing is that long */
                taken = 1;
        }
        decoder->n_held = n_before + n_added - taken;
        memmove(decoder->held, decoder->held + taken, decoder->n_held);
        return n_added;
}

void charset_decode(CharsetDecoder *decoder, const char *data, size_t size, Buffer *target) {
        if (decoder->kind == CHARSET_ASCII) {
                decode_ascii(data, size, target);
                return;
        }
        while (size > 0) {
                bool joined = decoder->n_held > 0;
                size_t taken = joined ? decode_held(decoder, data, size, target)
                                      : decode(decoder, data, size, target);

                data += taken;
                size -= taken;
                if (joined || size == 0)
                        continue;
                if (size < sizeof(decoder->held)) {
                        memcpy(decoder->held, data, size);
                        decoder->n_held = size;
                        return;
                }
                if (taken == 0) { /* more waits than any character needs */
                        buffer_append_text(target, REPLACEMENT);
                        data++;
                        size--;
                }
        }
}

void charset_decode_finish(CharsetDecoder *decoder, Buffer *target) {
        if (decoder->n_held > 0)
                buffer_append_text(target, REPLACEMENT);
        charset_decoder_reset(decoder);
}

void charset_decoder_reset(CharsetDecoder *decoder) {
        decoder->n_held = 0;
        if (decoder->kind == CHARSET_OTHER)
                (void) iconv(decoder->iconv, NULL, NULL, NULL, NULL); /* back to the first state */
}

void charset_to_utf8(const char *name, const char *data, size_t size, Buffer *target) {
        _cleanup_(charset_decoder_freep) CharsetDecoder *decoder = charset_decoder_new(name);

        charset_decode(decoder, data, size, target);
        charset_decode_finish(decoder, target);
}
