/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mailbox names between the wire and the program. */
#include "imap-proto/mailbox-name.h"

#include "basic/modified-utf7.h"
#include "basic/text.h"
#include "imap-proto/imap-limits.h"

static bool has_control(const char *text, size_t size) {
        for (size_t i = 0; i < size; i++)
                if (char_is_control(text[i]))
                        return true;
        return false;
}

static bool decode(const char *wire, size_t size, bool utf8, Buffer *name) {
        if (!utf8)
                return modified_utf7_decode(wire, size, name);
        if (!text_is_utf8(wire, size) || has_control(wire, size))
                return false;
        buffer_append(name, wire, size);
        return true;
}

/* '.' becomes '/'. An empty level is allowed at the very end only. */
static bool separate(Buffer *name) {
        for (size_t i = 0; i < name->size; i++) {
                if (name->data[i] == '/' || (name->data[i] == '.' && i == 0))
                        return false;
                if (name->data[i] != '.')
                        continue;
                if (name->data[i - 1] == '/')
                        return false;
                name->data[i] = '/';
        }
        return true;
}

int mailbox_name_from_wire(const char *wire, size_t size, bool utf8, char **ret_name) {
        _cleanup_buffer_ Buffer name = { 0 };

        if (!decode(wire, size, utf8, &name))
                return MAILBOX_NAME_BROKEN;
        if (name.size > IMAP_MAILBOX_NAME_MAX || has_control(name.data, name.size) ||
            !separate(&name))
                return MAILBOX_NAME_NOT_OURS;

        if (name.size >= 5 && text_equal_nocase_range(name.data, 5, "INBOX") &&
            (name.size == 5 || name.data[5] == '/'))
                memcpy(name.data, "INBOX", 5);
        *ret_name = buffer_take_text(&name);
        return MAILBOX_NAME_DONE;
}

/* UTF-8 as it is, but never a control character, whatever the disk holds. */
static void append_utf8(const char *name, Buffer *target) {
        _cleanup_free_ char *clean = text_for_log(name, strlen(name));

        buffer_append_text(target, clean);
}

void mailbox_name_append_wire(const char *name, bool utf8, Buffer *target) {
        size_t start = target->size;

        if (utf8)
                append_utf8(name, target);
        else
                modified_utf7_encode(name, strlen(name), target);
        /* No base64 run holds a '/': its alphabet has ',' there. */
        for (size_t i = start; i < target->size; i++)
                if (target->data[i] == '/')
                        target->data[i] = '.';
}

bool mailbox_name_may_be_made(const char *name) {
        for (const unsigned char *c = (const unsigned char *) name; *c != '\0'; c++) {
                if (c[0] == 0xc2 && c[1] < 0xa0) /* U+0080 to U+009F */
                        return false;
                if (c[0] == 0xe2 && c[1] == 0x80 && (c[2] == 0xa8 || c[2] == 0xa9))
                        return false; /* U+2028, U+2029 */
        }
        return true;
}
