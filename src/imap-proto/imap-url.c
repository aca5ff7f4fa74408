/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IMAP URLs (RFC 5092, section 11), from left to right. */
#include "imap-proto/imap-url.h"

#include "basic/text.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/imap-limits.h"
#include "imap-proto/mailbox-name.h"

void imap_url_done(ImapUrl *url) {
        free(url->mailbox);
        fetch_program_done(&url->program);
        *url = (ImapUrl){ 0 };
}

static bool is_printable(const char *text) {
        for (const char *c = text; *c != '\0'; c++)
                if (*c <= ' ' || *c >= 0x7f)
                        return false;
        return true;
}

static bool skip_text(const char **at, const char *text) {
        size_t size = strlen(text);

        if (strlen(*at) < size || !text_equal_nocase_range(*at, size, text))
                return false;
        *at += size;
        return true;
}

static int hex_digit(char c) {
        const char *digits = "0123456789abcdef", *at = c ? strchr(digits, char_to_lower(c)) : NULL;

        return at ? (int) (at - digits) : -1;
}

/* "%41" is "A"; a NUL is nothing that may be meant. */
static bool decode(const char *text, size_t size, Buffer *target) {
        for (size_t i = 0; i < size; i++) {
                int high, low;

                if (text[i] != '%') {
                        buffer_append_char(target, text[i]);
                        continue;
                }
                if (size - i < 3)
                        return false;
                high = hex_digit(text[i + 1]);
                low = hex_digit(text[i + 2]);
                if (high < 0 || low < 0 || (high == 0 && low == 0))
                        return false;
                buffer_append_char(target, (char) (high << 4 | low));
                i += 2;
        }
        return true;
}

/* What reaches up to the next parameter, or to the end, without the slash before it. */
static size_t value_size(const char *at) {
        const char *end = strchrnul(at, ';');

        return (size_t) (end - at) - (*end != '\0' && end > at && end[-1] == '/');
}

static bool take_mailbox(const char **at, ImapUrl *url) {
        _cleanup_buffer_ Buffer name = { 0 };
        size_t size = value_size(*at);

        if (size == 0 || !decode(*at, size, &name) ||
            mailbox_name_from_wire(name.data, name.size, true, &url->mailbox) != MAILBOX_NAME_DONE)
                return false;
        *at += size;
        return true;
}

static bool take_number(const char **at, uint64_t least, uint64_t most, uint64_t *ret_number) {
        const char *end;

        if (!char_is_digit(**at) || !text_parse_u64_prefix(*at, &end, ret_number) ||
            *ret_number < least || *ret_number > most)
                return false;
        *at = end;
        return true;
}

static bool take_number32(const char **at, uint32_t *ret_number) {
        uint64_t number;

        if (!take_number(at, 1, UINT32_MAX, &number))
                return false;
        *ret_number = (uint32_t) number;
        return true;
}

/* The grammar is that of FETCH, whose reader reads it. */
static bool parse_section(const char *section, size_t size, FetchProgram *ret_program) {
        _cleanup_buffer_ Buffer text = { 0 };
        ImapArgs args;

        buffer_append_text(&text, "BODY.PEEK[");
        if (!decode(section, size, &text))
                return false;
        for (size_t i = strlen("BODY.PEEK["); i < text.size; i++)
                if (char_is_control(text.data[i]) || text.data[i] == ']')
                        return false;
        buffer_append_char(&text, ']');
        imap_args_init(&args, text.data, text.size, NULL);
        return fetch_program_take(&args, ret_program) && imap_args_at_end(&args);
}

static bool take_section(const char **at, ImapUrl *url) {
        size_t size = 0;

        if (skip_text(at, "/;SECTION=")) {
                size = value_size(*at);
                if (size == 0)
                        return false;
        }
        if (!parse_section(*at, size, &url->program))
                return false;
        *at += size;
        return true;
}

/* "0.1024"; without a size it reaches to the end. */
static bool take_partial(const char **at, FetchItem *item) {
        if (!skip_text(at, "/;PARTIAL="))
                return true;
        item->is_partial = true;
        item->partial_size = INT64_MAX;
        if (!take_number(at, 0, INT64_MAX, &item->partial_first))
                return false;
        if (**at != '.')
                return true;
        ++*at;
        return take_number(at, 1, INT64_MAX, &item->partial_size);
}

/* A first level with a colon would be a scheme (RFC 3986, section 4.2). */
static bool has_scheme(const char *text) {
        return text[strcspn(text, "/;:")] == ':';
}

static bool take_all(const char *at, ImapUrl *url) {
        bool is_absolute = *at == '/';

        at += is_absolute;
        if (*at == '/' || (!is_absolute && has_scheme(at)))
                return false;
        if (is_absolute || *at != ';') {
                if (!take_mailbox(&at, url))
                        return false;
                if (skip_text(&at, ";UIDVALIDITY=") && !take_number32(&at, &url->uidvalidity))
                        return false;
                if (*at++ != '/')
                        return false;
        }
        return skip_text(&at, ";UID=") && take_number32(&at, &url->uid) &&
               take_section(&at, url) && take_partial(&at, url->program.items) && *at == '\0';
}

bool imap_url_parse(const char *text, ImapUrl *ret_url) {
        _cleanup_imap_url_ ImapUrl url = { 0 };

        if (strlen(text) > IMAP_URL_MAX || !is_printable(text) || !take_all(text, &url))
                return false;
        *ret_url = url;
        url = (ImapUrl){ 0 };
        return true;
}

void imap_url_append_code(const char *text, Buffer *target) {
        for (const char *c = text; *c != '\0'; c++)
                if (*c <= ' ' || *c >= 0x7f || *c == ']')
                        buffer_printf(target, "%%%02X", (unsigned char) *c);
                else
                        buffer_append_char(target, *c);
}
