/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses the part whose text is shown, and decodes the start of it. */
#include "store/message-preview.h"

#include "basic/text.h"
#include "mime/charset.h"
#include "mime/part.h"
#include "mime/preview.h"
#include "mime/transfer.h"
#include "store/message.h"

enum { BLOCK_OCTETS = 16 * 1024 };

typedef struct PreviewSearch {
        Message *message;
        uint64_t left; /* octets that may still be read */
        bool plain_only;
        Buffer *target;
        bool found;
} PreviewSearch;

static bool is_html(const MimePart *part) {
        return text_equal(part->subtype, "html");
}

static bool is_shown(const PreviewSearch *search, const MimePart *part) {
        return mime_part_is_text(part) &&
               (text_equal(part->subtype, "plain") || (is_html(part) && !search->plain_only)) &&
               !(part->disposition && text_equal(part->disposition, "attachment")) &&
               transfer_encoding_from_name(part->encoding) >= 0;
}

typedef struct PartText {
        TransferDecoder transfer;
        CharsetDecoder *charset; /* owned */
        Buffer octets, text;
        Preview preview;
} PartText;

static void part_text_done(PartText *text) {
        (void) charset_decoder_free(text->charset); /* returns NULL */
        buffer_done(&text->octets);
        buffer_done(&text->text);
        preview_done(&text->preview);
}

/* Return: true while more octets are wanted. */
static bool feed(PartText *text, const char *data, size_t size) {
        buffer_clear(&text->octets);
        buffer_clear(&text->text);
        transfer_decode(&text->transfer, data, size, &text->octets);
        if (text->octets.size > 0)
                charset_decode(text->charset, text->octets.data, text->octets.size, &text->text);
        return preview_feed(&text->preview, text->text.data, text->text.size);
}

static void finish(PartText *text) {
        buffer_clear(&text->octets);
        buffer_clear(&text->text);
        transfer_decode_finish(&text->transfer, &text->octets);
        if (text->octets.size > 0)
                charset_decode(text->charset, text->octets.data, text->octets.size, &text->text);
        charset_decode_finish(text->charset, &text->text);
        (void) preview_feed(&text->preview, text->text.data, text->text.size); /* the last */
        preview_finish(&text->preview);
}

static int look_at_text(PreviewSearch *search, const MimePart *part) {
        _cleanup_(part_text_done) PartText text = { 0 };
        bool wants_more = true;

        transfer_decoder_init(&text.transfer, part->encoding);
        text.charset = charset_decoder_new(mime_part_param(part, "charset"));
        preview_init(&text.preview, is_html(part));
        for (uint64_t at = part->body_offset; at < part->end_offset && wants_more;) {
                uint64_t wanted = MIN(part->end_offset - at, MIN(search->left, BLOCK_OCTETS));
                const char *data;
                size_t n;
                int r;

                if (wanted == 0)
                        break;
                r = message_view_at(search->message, at, (size_t) wanted, &data, &n);
                if (r < 0)
                        return r;
                if (n == 0)
                        break;
                wants_more = feed(&text, data, n);
                at += n;
                search->left -= n;
        }
        finish(&text);
        buffer_append(search->target, text.preview.text.data, text.preview.text.size);
        search->found = text.preview.text.size > 0;
        return 0;
}

/* As deep as the parser goes, which is limited. */
static int look_at_part(PreviewSearch *search, const MimePart *part);

static int look_at_children(PreviewSearch *search, const MimePart *part) {
        int r = 0;

        for (size_t i = 0; i < part->n_children && r == 0 && !search->found; i++)
                r = look_at_part(search, part->children[i]);
        return r;
}

static int look_at_part(PreviewSearch *search, const MimePart *part) {
        int r = 0;

        if (!mime_part_is_multipart(part))
                return is_shown(search, part) ? look_at_text(search, part) : 0;
        if (!search->plain_only && text_equal(part->subtype, "alternative")) {
                search->plain_only = true;
                r = look_at_children(search, part);
                search->plain_only = false;
        }
        return r == 0 && !search->found ? look_at_children(search, part) : r;
}

int message_preview(Message *message, Buffer *target) {
        _cleanup_(mime_part_freep) MimePart *start = NULL;
        PreviewSearch search = {
                .message = message, .left = PREVIEW_READ_OCTETS_MAX, .target = target,
        };
        const MimePart *root;
        int r;

        if (message_raw_size(message) <= PREVIEW_READ_OCTETS_MAX) {
                r = message_structure(message, &root);
        } else { /* of its start: what is behind that is no part then */
                r = message_parse(message, 0, PREVIEW_READ_OCTETS_MAX, &start);
                root = start;
        }
        return r < 0 ? r : look_at_part(&search, root);
}
