/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks over a message's parts, decodes what is text, and looks for the needle in it. */
#include "search/search-message.h"

#include "basic/text.h"
#include "mime/charset-pool.h"
#include "mime/encoded-word.h"
#include "mime/header.h"
#include "mime/transfer.h"

enum { BLOCK_OCTETS = 16 * 1024 };

typedef struct MessageSearch {
        SearchRead read;
        void *userdata;
        SearchScope scope;
        const SearchText *needle;
} MessageSearch;

static bool value_matches(const HeaderField *field, const SearchText *needle) {
        _cleanup_buffer_ Buffer unfolded = { 0 }, decoded = { 0 };

        if (search_text_is_empty(needle))
                return true;
        header_unfold(field->value, field->value_size, &unfolded);
        encoded_word_decode_with(search_text_charsets(needle),
                                 unfolded.data ? unfolded.data : "", unfolded.size, &decoded);
        return decoded.size > 0 && search_text_in(needle, decoded.data, decoded.size);
}

bool search_header(const char *header, size_t size, const char *field, const SearchText *needle) {
        HeaderField found;
        size_t position = 0;

        while (header_next(header, size, &position, &found)) {
                if (field && !header_field_is(&found, field))
                        continue;
                if (value_matches(&found, needle))
                        return true;
                if (!field && search_text_in(needle, found.name, found.name_size))
                        return true;
        }
        return false;
}

static int search_part_header(const MessageSearch *search, const MimePart *part,
                              bool *ret_matches) {
        uint64_t size = part->body_offset - part->header_offset;
        size_t wanted = (size_t) MIN(size, (uint64_t) SEARCH_HEADER_OCTETS_MAX), n_read;
        _cleanup_free_ char *header = make_array(char, wanted + 1);
        int r;

        r = search->read(search->userdata, part->header_offset, header, wanted, &n_read);
        if (r < 0)
                return r;
        *ret_matches = search_header(header, n_read, NULL, search->needle);
        return 0;
}

/* What is in UTF-8 as it stands needs neither of the two decoders. */
static bool is_plain(const TransferDecoder *transfer, const char *charset) {
        return transfer->encoding != TRANSFER_BASE64 &&
               transfer->encoding != TRANSFER_QUOTED_PRINTABLE &&
               (!charset || text_equal_nocase(charset, "us-ascii") ||
                text_equal_nocase(charset, "utf-8"));
}

typedef struct TextDecoder {
        TransferDecoder transfer;
        CharsetDecoder *charset; /* borrowed; NULL for plain text */
        Buffer octets, text;
} TextDecoder;

static void text_decoder_done(TextDecoder *decoder) {
        buffer_done(&decoder->octets);
        buffer_done(&decoder->text);
}

static bool scan_block(TextDecoder *decoder, SearchScan *scan, const char *data, size_t size,
                       bool last) {
        if (!decoder->charset)
                return search_scan_feed(scan, data, size);
        buffer_clear(&decoder->octets);
        buffer_clear(&decoder->text);
        transfer_decode(&decoder->transfer, data, size, &decoder->octets);
        if (last)
                transfer_decode_finish(&decoder->transfer, &decoder->octets);
        if (decoder->octets.size > 0)
                charset_decode(decoder->charset, decoder->octets.data, decoder->octets.size,
                               &decoder->text);
        if (last)
                charset_decode_finish(decoder->charset, &decoder->text);
        return decoder->text.size > 0 && search_scan_feed(scan, decoder->text.data,
                                                          decoder->text.size);
}

static int search_part_body(const MessageSearch *search, const MimePart *part, bool *ret_matches) {
        _cleanup_(text_decoder_done) TextDecoder decoder = { 0 };
        const char *charset = mime_part_param(part, "charset");
        char block[BLOCK_OCTETS];
        SearchScan scan;
        size_t n_read;

        transfer_decoder_init(&decoder.transfer, part->encoding);
        if (!is_plain(&decoder.transfer, charset))
                decoder.charset = charset_pool_take(search_text_charsets(search->needle), charset);
        search_scan_init(&scan, search->needle);
        for (uint64_t at = part->body_offset; at < part->end_offset && !scan.found; at += n_read) {
                size_t wanted = (size_t) MIN(part->end_offset - at, (uint64_t) sizeof(block));
                int r = search->read(search->userdata, at, block, wanted, &n_read);

                if (r < 0)
                        return r;
                scan_block(&decoder, &scan, block, n_read,
                           n_read < wanted || at + n_read == part->end_offset);
                if (n_read < wanted)
                        break; /* the file shrank under us */
        }
        *ret_matches = scan.found;
        return 0;
}

static bool is_searched(const MimePart *part) {
        return mime_part_is_text(part) || text_equal(part->type, "message");
}

/* The header of an embedded message belongs to the body of the message around it. */
static bool has_searched_header(const MessageSearch *search, const MimePart *part) {
        if (search->scope == SEARCH_TEXT)
                return true;
        return part->parent && mime_part_is_message(part->parent);
}

/* As deep as the parser goes, which is limited. */
static int search_part(const MessageSearch *search, const MimePart *part, bool *ret_matches) {
        bool matches = false;
        int r = 0;

        if (has_searched_header(search, part))
                r = search_part_header(search, part, &matches);
        if (r >= 0 && !matches && part->n_children == 0 && is_searched(part))
                r = search_part_body(search, part, &matches);
        for (size_t i = 0; i < part->n_children && r >= 0 && !matches; i++)
                r = search_part(search, part->children[i], &matches);
        if (r < 0)
                return r;
        *ret_matches = matches;
        return 0;
}

int search_message(SearchRead read, void *userdata, const MimePart *root, SearchScope scope,
                   const SearchText *needle, bool *ret_matches) {
        MessageSearch search = {
                .read = read, .userdata = userdata, .scope = scope, .needle = needle
        };

        if (search_text_is_empty(needle)) {
                *ret_matches = true;
                return 0;
        }
        return search_part(&search, root, ret_matches);
}
