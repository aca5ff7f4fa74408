/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FETCH items: a table of names, and sections of a body. */
#include "imap-proto/fetch-items.h"

#include "basic/text.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/imap-write.h"

/* A name and what it stands for; macros are several. */
static const struct {
        const char *name;
        FetchKind kinds[5];
        size_t n_kinds;
} item_names[] = {
        { "BODY",          { FETCH_BODY },          1 },
        { "BODYSTRUCTURE", { FETCH_BODYSTRUCTURE }, 1 },
        { "EMAILID",       { FETCH_EMAILID },       1 },
        { "ENVELOPE",      { FETCH_ENVELOPE },      1 },
        { "FLAGS",         { FETCH_FLAGS },         1 },
        { "INTERNALDATE",  { FETCH_INTERNALDATE },  1 },
        { "MODSEQ",        { FETCH_MODSEQ },        1 },
        { "PREVIEW",       { FETCH_PREVIEW },       1 },
        { "RFC822",        { FETCH_RFC822 },        1 },
        { "RFC822.HEADER", { FETCH_RFC822_HEADER }, 1 },
        { "RFC822.SIZE",   { FETCH_RFC822_SIZE },   1 },
        { "RFC822.TEXT",   { FETCH_RFC822_TEXT },   1 },
        { "SAVEDATE",      { FETCH_SAVEDATE },      1 },
        { "THREADID",      { FETCH_THREADID },      1 },
        { "UID",           { FETCH_UID },           1 },
        { "FAST", { FETCH_FLAGS, FETCH_INTERNALDATE, FETCH_RFC822_SIZE }, 3 },
        { "ALL",  { FETCH_FLAGS, FETCH_INTERNALDATE, FETCH_RFC822_SIZE, FETCH_ENVELOPE }, 4 },
        { "FULL", { FETCH_FLAGS, FETCH_INTERNALDATE, FETCH_RFC822_SIZE, FETCH_ENVELOPE,
                    FETCH_BODY }, 5 },
};

static const char *const section_names[] = {
        [SECTION_ALL] = "",
        [SECTION_HEADER] = "HEADER",
        [SECTION_HEADER_FIELDS] = "HEADER.FIELDS",
        [SECTION_HEADER_FIELDS_NOT] = "HEADER.FIELDS.NOT",
        [SECTION_TEXT] = "TEXT",
        [SECTION_MIME] = "MIME",
};

static void item_done(FetchItem *item) {
        for (size_t i = 0; i < item->n_fields; i++)
                free(item->fields[i]);
        free(item->fields);
        free(item->path);
        *item = (FetchItem){ 0 };
}

void fetch_program_done(FetchProgram *program) {
        for (size_t i = 0; i < program->n_items; i++)
                item_done(&program->items[i]);
        free(program->items);
        *program = (FetchProgram){ 0 };
}

bool fetch_program_has(const FetchProgram *program, FetchKind kind) {
        for (size_t i = 0; i < program->n_items; i++)
                if (program->items[i].kind == kind)
                        return true;
        return false;
}

static bool same_data(const FetchItem *a, const FetchItem *b) {
        if (a->kind != b->kind || a->section != b->section || a->n_path != b->n_path ||
            a->n_fields != b->n_fields || a->is_partial != b->is_partial ||
            a->partial_first != b->partial_first || a->partial_size != b->partial_size)
                return false;
        if (a->n_path > 0 && memcmp(a->path, b->path, a->n_path * sizeof(*a->path)) != 0)
                return false;
        for (size_t i = 0; i < a->n_fields; i++)
                if (!text_equal_nocase(a->fields[i], b->fields[i]))
                        return false;
        return true;
}

static bool sets_seen(const FetchItem *item) {
        return ((item->kind == FETCH_BODY_SECTION || item->kind == FETCH_BINARY) && !item->peek) ||
               item->kind == FETCH_RFC822 || item->kind == FETCH_RFC822_TEXT;
}

/* Takes the item over. What is asked for twice is answered once. */
static bool add_item(ImapArgs *args, FetchProgram *program, FetchItem *item) {
        if (sets_seen(item))
                program->sets_seen = true;
        for (size_t i = 0; i < program->n_items; i++)
                if (same_data(&program->items[i], item)) {
                        program->items[i].peek &= item->peek;
                        program->items[i].lazy &= item->lazy;
                        item_done(item);
                        return true;
                }
        if (program->n_items >= IMAP_FETCH_ITEMS_MAX)
                return imap_args_fail(args, "More than %d items", IMAP_FETCH_ITEMS_MAX);
        program->items = memory_resize(program->items, program->n_items + 1, sizeof(FetchItem));
        program->items[program->n_items++] = *item;
        *item = (FetchItem){ 0 };
        return true;
}

bool fetch_program_add(ImapArgs *args, FetchProgram *program, FetchKind kind) {
        FetchItem item = { .kind = kind };

        return add_item(args, program, &item);
}

static bool is_next(const ImapArgs *args, char c) {
        return args->at < args->end && *args->at == c;
}

static bool is_digit_next(const ImapArgs *args) {
        return args->at < args->end && char_is_digit(*args->at);
}

static bool take_char(ImapArgs *args, char c) {
        if (!is_next(args, c))
                return false;
        args->at++;
        return true;
}

/* Letters, digits and dots at the front, which stay there. */
static size_t word_size(const ImapArgs *args) {
        const char *c = args->at;

        while (c < args->end && (char_is_alpha(*c) || char_is_digit(*c) || *c == '.'))
                c++;
        return (size_t) (c - args->at);
}

static bool take_digits(ImapArgs *args, uint64_t max, uint64_t *ret_number) {
        uint64_t number = 0;

        if (!is_digit_next(args))
                return false;
        while (is_digit_next(args)) {
                uint64_t digit = (uint64_t) (*args->at - '0');

                if (number > (max - digit) / 10)
                        return false;
                number = number * 10 + digit;
                args->at++;
        }
        *ret_number = number;
        return true;
}

/* "1.2" or "1.2." before a word; *ret_wants_word says that one must follow. */
static bool take_path(ImapArgs *args, FetchItem *item, bool *ret_wants_word) {
        *ret_wants_word = false;
        while (is_digit_next(args)) {
                uint64_t number;

                if (item->n_path >= IMAP_PART_PATH_MAX)
                        return imap_args_fail(args, "More than %d numbers in a part",
                                              IMAP_PART_PATH_MAX);
                if (!take_digits(args, UINT32_MAX, &number) || number == 0)
                        return imap_args_wants(args, "part numbers from 1 on");
                item->path = memory_resize(item->path, item->n_path + 1, sizeof(*item->path));
                item->path[item->n_path++] = (uint32_t) number;
                *ret_wants_word = take_char(args, '.');
                if (!*ret_wants_word)
                        break;
        }
        return true;
}

static bool is_field_name(const char *name) {
        for (const char *c = name; *c != '\0'; c++)
                if (*c < ' ' || *c >= 0x7f)
                        return false;
        return *name != '\0' && strlen(name) <= IMAP_HEADER_NAME_MAX;
}

static size_t count_fields(const FetchProgram *program) {
        size_t n = 0;

        for (size_t i = 0; i < program->n_items; i++)
                n += program->items[i].n_fields;
        return n;
}

static bool take_fields(ImapArgs *args, size_t n_before, FetchItem *item) {
        if (!imap_args_open_list(args))
                return false;
        do {
                char *name;

                if (n_before + item->n_fields >= IMAP_HEADER_FIELDS_MAX)
                        return imap_args_fail(args, "More than %d header fields",
                                              IMAP_HEADER_FIELDS_MAX);
                if (!imap_args_take_astring(args, &name))
                        return false;
                item->fields = memory_resize(item->fields, item->n_fields + 1, sizeof(char *));
                item->fields[item->n_fields++] = name;
                if (!is_field_name(name))
                        return imap_args_fail(args, "'%.40s' is no name of a header field", name);
        } while (!imap_args_list_ends(args));
        return imap_args_close_list(args);
}

/* What stands behind the part numbers. */
static bool take_section_word(ImapArgs *args, size_t n_before, FetchItem *item) {
        size_t size = word_size(args);

        for (size_t i = SECTION_HEADER; i < ELEMENTSOF(section_names); i++) {
                if (!text_equal_nocase_range(args->at, size, section_names[i]))
                        continue;
                if (i == SECTION_MIME && item->n_path == 0)
                        return imap_args_fail(args, "MIME needs part numbers: BODY[1.MIME]");
                item->section = (FetchSection) i;
                args->at += size;
                if (i == SECTION_HEADER_FIELDS || i == SECTION_HEADER_FIELDS_NOT)
                        return take_fields(args, n_before, item);
                return true;
        }
        return imap_args_wants(args, "a section such as HEADER or 1.TEXT");
}

/* "<0.1024>" */
static bool take_partial(ImapArgs *args, FetchItem *item) {
        if (!take_char(args, '<'))
                return true;
        item->is_partial = true;
        if (!take_digits(args, INT64_MAX, &item->partial_first) || !take_char(args, '.') ||
            !take_digits(args, INT64_MAX, &item->partial_size) || item->partial_size == 0 ||
            !take_char(args, '>'))
                return imap_args_wants(args, "a partial such as <0.1024>");
        return true;
}

/* Of BINARY only part numbers are wanted, or nothing (RFC 9051, section-binary). */
static bool take_section(ImapArgs *args, size_t n_before, FetchItem *item) {
        bool wants_word;

        if (!take_char(args, '[') || !take_path(args, item, &wants_word))
                return false;
        wants_word = wants_word || (item->n_path == 0 && !is_next(args, ']'));
        if (wants_word && item->kind != FETCH_BODY_SECTION)
                return imap_args_wants(args, "only part numbers in a section of BINARY");
        if (wants_word && !take_section_word(args, n_before, item))
                return false;
        if (!take_char(args, ']'))
                return imap_args_wants(args, "']' behind a section");
        return item->kind == FETCH_BINARY_SIZE || take_partial(args, item);
}

/* Items that have a section. */
static const struct {
        const char *name;
        FetchKind kind;
        bool peek;
} section_items[] = {
        { "BINARY",      FETCH_BINARY,       false },
        { "BINARY.PEEK", FETCH_BINARY,       true  },
        { "BINARY.SIZE", FETCH_BINARY_SIZE,  true  },
        { "BODY",        FETCH_BODY_SECTION, false },
        { "BODY.PEEK",   FETCH_BODY_SECTION, true  },
};

static bool take_with_section(ImapArgs *args, FetchProgram *program, size_t name_size) {
        FetchItem item = { 0 };
        size_t i = 0;
        bool good;

        while (i < ELEMENTSOF(section_items) &&
               !text_equal_nocase_range(args->at, name_size, section_items[i].name))
                i++;
        if (i == ELEMENTSOF(section_items))
                return imap_args_wants(args, "BODY, BODY.PEEK or a BINARY before a section");
        item.kind = section_items[i].kind;
        item.peek = section_items[i].peek;
        args->at += name_size;
        good = take_section(args, count_fields(program), &item) && add_item(args, program, &item);
        item_done(&item);
        return good;
}

/* " (LAZY)" behind PREVIEW; any other list is what follows all items. */
static bool is_lazy_next(const ImapArgs *args) {
        static const char list[] = " (LAZY";
        size_t size = sizeof(list) - 1, left = (size_t) (args->end - args->at);

        return left > size && text_equal_nocase_range(args->at, size, list) &&
               (args->at[size] == ')' || args->at[size] == ' ');
}

static bool take_preview(ImapArgs *args, FetchProgram *program, size_t name_size) {
        FetchItem item = { .kind = FETCH_PREVIEW };

        args->at += name_size;
        if (is_lazy_next(args)) {
                item.lazy = true;
                args->at += strlen(" (LAZY");
                if (!take_char(args, ')'))
                        return imap_args_wants(args, "')' behind LAZY");
        }
        return add_item(args, program, &item);
}

static bool take_named(ImapArgs *args, FetchProgram *program, size_t name_size) {
        for (size_t i = 0; i < ELEMENTSOF(item_names); i++) {
                if (!text_equal_nocase_range(args->at, name_size, item_names[i].name))
                        continue;
                args->at += name_size;
                for (size_t k = 0; k < item_names[i].n_kinds; k++)
                        if (!fetch_program_add(args, program, item_names[i].kinds[k]))
                                return false;
                return true;
        }
        return imap_args_wants(args, "an item such as FLAGS");
}

static bool take_item(ImapArgs *args, FetchProgram *program) {
        size_t size = imap_args_peek(args) == IMAP_TOKEN_ATOM ? word_size(args) : 0;
        bool good;

        if (size < (size_t) (args->end - args->at) && args->at[size] == '[')
                good = take_with_section(args, program, size);
        else if (text_equal_nocase_range(args->at, size, "PREVIEW"))
                good = take_preview(args, program, size);
        else
                good = take_named(args, program, size);
        if (!good)
                return false;
        if (args->at < args->end && *args->at != ' ' && *args->at != '\t' && *args->at != ')')
                return imap_args_wants(args, "a space behind an item");
        return true;
}

bool fetch_program_take(ImapArgs *args, FetchProgram *ret_program) {
        _cleanup_fetch_program_ FetchProgram program = { 0 };

        if (imap_args_peek(args) != IMAP_TOKEN_OPEN) {
                if (!take_item(args, &program))
                        return false;
        } else {
                if (!imap_args_open_list(args))
                        return false;
                do
                        if (!take_item(args, &program))
                                return false;
                while (!imap_args_list_ends(args));
                if (!imap_args_close_list(args))
                        return false;
        }
        *ret_program = program;
        program = (FetchProgram){ 0 };
        return true;
}

static void append_section(const FetchItem *item, Buffer *target) {
        ImapWriter writer = { .out = target };

        for (size_t i = 0; i < item->n_path; i++) {
                if (i > 0)
                        buffer_append_char(target, '.');
                buffer_append_number(target, item->path[i]);
        }
        if (item->n_path > 0 && item->section != SECTION_ALL)
                buffer_append_char(target, '.');
        buffer_append_text(target, section_names[item->section]);
        for (size_t i = 0; i < item->n_fields; i++) {
                _cleanup_free_ char *name = text_dup(item->fields[i]);

                text_to_upper(name);
                buffer_append_text(target, i == 0 ? " (" : " ");
                imap_write_text_string(&writer, name);
        }
        if (item->n_fields > 0)
                buffer_append_char(target, ')');
}

static bool has_section(FetchKind kind) {
        return kind == FETCH_BODY_SECTION || kind == FETCH_BINARY || kind == FETCH_BINARY_SIZE;
}

void fetch_item_append_name(const FetchItem *item, Buffer *target) {
        if (!has_section(item->kind)) {
                for (size_t i = 0; i < ELEMENTSOF(item_names); i++)
                        if (item_names[i].n_kinds == 1 && item_names[i].kinds[0] == item->kind)
                                buffer_append_text(target, item_names[i].name);
                return;
        }
        buffer_append_text(target, item->kind == FETCH_BINARY        ? "BINARY["
                                   : item->kind == FETCH_BINARY_SIZE ? "BINARY.SIZE["
                                                                     : "BODY[");
        append_section(item, target);
        buffer_append_char(target, ']');
        if (item->is_partial) {
                buffer_append_char(target, '<');
                buffer_append_number(target, item->partial_first);
                buffer_append_char(target, '>');
        }
}
