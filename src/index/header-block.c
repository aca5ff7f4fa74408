/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flags (1), n asked (1), n fields (2); asked hashes (8 each); fields (4 each: size in 24 bits,
 * above them the number in the fixed list, or 128 plus the number of the asked name); lines.
 */
#include "index/header-block.h"

#include "basic/text.h"
#include "index/octets.h"
#include "mime/header.h"
#include "mime/wire.h"

enum { HAS_BLANK_LINE = 1 << 0, ASKED_FIRST = 128, SIZE_BITS = 24, HEAD_OCTETS = 4 };

/*
 * What mail readers list messages with (Thunderbird, Apple Mail, mutt, K-9, Roundcube, Outlook,
 * alpine), sort and thread by, and filter on. A number here is a number in blocks: a change in
 * the middle is a new version of them (cache-value.c).
 */
static const char *const known_names[] = {
        "From", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "References", "In-Reply-To",
        "Reply-To", "Sender", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
        "Newsgroups", "Priority", "X-Priority", "Importance", "X-MSMail-Priority", "Precedence",
        "List-Id", "List-Post", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help",
        "List-Subscribe", "List-Owner", "List-Archive", "Mailing-List", "X-Mailing-List",
        "X-BeenThere", "Followup-To", "Mail-Followup-To", "Mail-Reply-To", "User-Agent",
        "X-Mailer", "Disposition-Notification-To", "Return-Receipt-To", "Delivered-To",
        "X-Original-To", "Envelope-To", "Return-Path", "X-Envelope-From", "Resent-From",
        "Resent-To", "Resent-Date", "Resent-Message-ID", "Auto-Submitted", "X-Auto-Submitted",
        "X-Spam-Flag", "X-Spam-Status", "X-Spam-Level", "X-Spam-Score", "X-Bogosity", "X-Label",
        "X-Keywords", "Keywords", "Comments", "Lines", "Status", "X-Status", "Content-Class",
        "Content-Language", "Content-Disposition", "Organization", "Xref", "X-Forefront",
        "Authentication-Results", "X-UIDL", "X-Account-Key", "X-Mozilla-Keys",
        "X-Universally-Unique-Identifier", "X-Uniform-Type-Identifier", "X-Mail-Created-Date",
        "Thread-Topic", "Thread-Index", "X-GitHub-Reason", "X-Attachment-Id", "Errors-To", "X-Loop",
        "Face", "X-Face", "Autocrypt", "Chat-Version", "X-Draft-Info", "X-Forwarded-Message-Id",
};
_Static_assert(ELEMENTSOF(known_names) <= ASKED_FIRST, "a number of a known name has 7 bits");

/* Return: the number in the fixed list, or ASKED_FIRST. */
static unsigned find_known(const char *name, size_t size) {
        for (unsigned i = 0; i < ELEMENTSOF(known_names); i++)
                if (char_to_lower(known_names[i][0]) == char_to_lower(name[0]) &&
                    text_equal_nocase_range(name, size, known_names[i]))
                        return i;
        return ASKED_FIRST;
}

/* FNV-1a of the name in lower case. */
static uint64_t hash_name(const char *name, size_t size) {
        uint64_t hash = UINT64_C(0xCBF29CE484222325);

        for (size_t i = 0; i < size; i++)
                hash = (hash ^ (unsigned char) char_to_lower(name[i])) * UINT64_C(0x100000001B3);
        return hash;
}

static size_t find_asked(const HeaderAsked *asked, uint64_t name) {
        size_t i = 0;

        while (i < asked->n_names && asked->names[i] != name)
                i++;
        return i;
}

static bool add_asked(HeaderAsked *asked, uint64_t name) {
        if (find_asked(asked, name) < asked->n_names)
                return true;
        if (asked->n_names == HEADER_ASKED_MAX)
                return false;
        asked->names[asked->n_names++] = name;
        return true;
}

void header_asked_add(HeaderAsked *asked, const HeaderAsked *more) {
        for (size_t i = 0; i < more->n_names; i++)
                if (!add_asked(asked, more->names[i]))
                        return;
}

bool header_choice_init(HeaderChoice *choice, const char *const *names, size_t n_names) {
        *choice = (HeaderChoice){ 0 };
        for (size_t i = 0; i < n_names; i++) {
                size_t size = strlen(names[i]);
                unsigned number = size > 0 ? find_known(names[i], size) : ASKED_FIRST;

                if (number < ASKED_FIRST)
                        choice->known[number / 64] |= UINT64_C(1) << number % 64;
                else if (size > HEADER_ASKED_NAME_MAX ||
                         !add_asked(&choice->asked, hash_name(names[i], size)))
                        return false;
        }
        return true;
}

/* Return: what stands for a field in a block's table; ASKED_FIRST + HEADER_ASKED_MAX for none. */
static unsigned number_of(const HeaderField *field, const HeaderAsked *asked) {
        unsigned number = ASKED_FIRST + HEADER_ASKED_MAX;
        size_t i;

        if (field->name_size == 0)
                return number;
        number = find_known(field->name, field->name_size);
        if (number < ASKED_FIRST)
                return number;
        i = asked->n_names == 0 ? 0 : find_asked(asked, hash_name(field->name, field->name_size));
        return i < asked->n_names ? ASKED_FIRST + (unsigned) i : ASKED_FIRST + HEADER_ASKED_MAX;
}

/* Return: false when it is too much. */
static bool gather(const char *header, size_t size, const HeaderAsked *asked, Buffer *table,
                   Buffer *lines, bool *ret_has_blank_line) {
        size_t position = 0, before = 0;
        HeaderField field;

        for (; header_next(header, size, &position, &field); before = position) {
                unsigned number = number_of(&field, asked);
                WireConverter converter = { 0 };
                size_t start = lines->size;

                if (number >= ASKED_FIRST + HEADER_ASKED_MAX)
                        continue;
                if (field.size > HEADER_BLOCK_MAX || table->size >= 4 * HEADER_BLOCK_FIELDS_MAX)
                        return false;
                wire_convert(&converter, header + field.offset, field.size, lines);
                if (lines->size > HEADER_BLOCK_MAX)
                        return false;
                octets_put(table, (lines->size - start) | ((uint64_t) number << SIZE_BITS), 4);
        }
        *ret_has_blank_line = position > before;
        return true;
}

bool header_block_build(const char *header, size_t size, const HeaderAsked *asked,
                        Buffer *target) {
        _cleanup_buffer_ Buffer table = { 0 }, lines = { 0 };
        bool has_blank_line;

        if (!gather(header, size, asked, &table, &lines, &has_blank_line) ||
            HEAD_OCTETS + 8 * asked->n_names + table.size + lines.size > HEADER_BLOCK_MAX)
                return false;
        octets_put(target, has_blank_line ? HAS_BLANK_LINE : 0, 1);
        octets_put(target, asked->n_names, 1);
        octets_put(target, table.size / 4, 2);
        for (size_t i = 0; i < asked->n_names; i++)
                octets_put(target, asked->names[i], 8);
        buffer_append(target, table.data, table.size);
        buffer_append(target, lines.data, lines.size);
        return true;
}

/* A block, taken apart. */
typedef struct Block {
        bool has_blank_line;
        HeaderAsked asked;
        size_t n_fields;
        const char *table, *lines; /* borrowed */
        size_t lines_size;
} Block;

static bool take_apart(const void *data, size_t size, Block *ret_block) {
        OctetReader reader = octet_reader(data, size);
        uint64_t flags = octets_take(&reader, 1), n_asked = octets_take(&reader, 1);

        *ret_block = (Block){ .has_blank_line = flags & HAS_BLANK_LINE,
                              .n_fields = octets_take(&reader, 2) };
        if (n_asked > HEADER_ASKED_MAX)
                return false;
        ret_block->asked.n_names = n_asked;
        for (size_t i = 0; i < n_asked; i++)
                ret_block->asked.names[i] = octets_take(&reader, 8);
        ret_block->table = octets_take_run(&reader, 4 * ret_block->n_fields);
        ret_block->lines_size = reader.left;
        ret_block->lines = octets_take_run(&reader, reader.left);
        return !reader.failed;
}

bool header_block_asked(const void *block, size_t size, HeaderAsked *ret_asked) {
        Block parts;

        if (!take_apart(block, size, &parts))
                return false;
        *ret_asked = parts.asked;
        return true;
}

/* Which numbers of this block are chosen, as bits. False when it does not know a name. */
static bool numbers_of(const Block *block, const HeaderChoice *choice, uint64_t ret_bits[4]) {
        memcpy(ret_bits, choice->known, sizeof(choice->known));
        ret_bits[2] = ret_bits[3] = 0;
        for (size_t i = 0; i < choice->asked.n_names; i++) {
                size_t number = find_asked(&block->asked, choice->asked.names[i]);

                if (number == block->asked.n_names)
                        return false;
                ret_bits[2] |= UINT64_C(1) << number;
        }
        return true;
}

/* Neighbours go in one run. Return: false when the table and the lines do not agree. */
static bool append_chosen(const Block *block, const uint64_t bits[4], Buffer *target) {
        size_t start = 0, at = 0; /* of the run of chosen lines that is not appended yet */

        for (size_t i = 0; i < block->n_fields; i++) {
                uint32_t field;
                unsigned number;
                size_t size;

                memcpy(&field, block->table + 4 * i, sizeof(field));
                field = le32toh(field);
                number = field >> SIZE_BITS;
                size = field & ((UINT32_C(1) << SIZE_BITS) - 1);
                if (size > block->lines_size - at)
                        return false;
                if (!(bits[number / 64] >> number % 64 & 1)) {
                        buffer_append(target, block->lines + start, at - start);
                        start = at + size;
                }
                at += size;
        }
        buffer_append(target, block->lines + start, at - start);
        return at == block->lines_size;
}

bool header_block_choose(const void *block, size_t size, const HeaderChoice *choice,
                         Buffer *target) {
        size_t before = target->size;
        uint64_t bits[4];
        Block parts;

        if (!take_apart(block, size, &parts) || !numbers_of(&parts, choice, bits))
                return false;
        if (!append_chosen(&parts, bits, target)) {
                buffer_truncate(target, before);
                return false;
        }
        if (parts.has_blank_line)
                buffer_append(target, "\r\n", 2);
        return true;
}
