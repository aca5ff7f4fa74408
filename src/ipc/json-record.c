/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading JSON in place: strings shrink when their escapes are resolved, so nothing is copied. */
#include "ipc/json-record.h"

#include "basic/text.h"

typedef enum JsonKind {
        JSON_NULL, JSON_FLAG, JSON_NUMBER, JSON_TEXT, JSON_OBJECT, JSON_ARRAY,
} JsonKind;

struct JsonNode {
        JsonKind kind;
        const char *name; /* in an object */
        union {
                const char *text;
                struct {
                        uint64_t number;
                        bool is_natural; /* no sign, fraction or exponent, and it fits */
                };
                bool flag;
        };
        size_t n_below; /* nodes inside it; they follow it directly */
};

struct JsonRecord {
        char *text; /* owned, wiped */
        size_t size;
        JsonNode *nodes; /* owned */
        size_t n_nodes, n_allocated;
};

typedef struct Reader {
        JsonRecord *record;
        char *at; /* the text ends with a NUL, which no rule takes */
        unsigned depth;
} Reader;

static bool read_value(Reader *reader, const char *name);

static void skip_blanks(Reader *reader) {
        reader->at += strspn(reader->at, " \t\r\n");
}

static bool take_char(Reader *reader, char c) {
        skip_blanks(reader);
        if (*reader->at != c)
                return false;
        reader->at++;
        return true;
}

static bool take_word(Reader *reader, const char *word) {
        if (!text_starts_with(reader->at, word))
                return false;
        reader->at += strlen(word);
        return true;
}

static bool read_hex4(const char *at, uint32_t *ret_unit) {
        uint32_t unit = 0;

        for (size_t i = 0; i < 4; i++) {
                char c = char_to_lower(at[i]);

                if (char_is_digit(c))
                        unit = unit * 16 + (uint32_t) (c - '0');
                else if (c >= 'a' && c <= 'f')
                        unit = unit * 16 + (uint32_t) (c - 'a') + 10;
                else
                        return false;
        }
        *ret_unit = unit;
        return true;
}

static size_t put_utf8(char *to, uint32_t c) {
        if (c < 0x80) {
                to[0] = (char) c;
                return 1;
        }
        if (c < 0x800) {
                to[0] = (char) (0xc0 | c >> 6);
                to[1] = (char) (0x80 | (c & 0x3f));
                return 2;
        }
        if (c < 0x10000) {
                to[0] = (char) (0xe0 | c >> 12);
                to[1] = (char) (0x80 | (c >> 6 & 0x3f));
                to[2] = (char) (0x80 | (c & 0x3f));
                return 3;
        }
        to[0] = (char) (0xf0 | c >> 18);
        to[1] = (char) (0x80 | (c >> 12 & 0x3f));
        to[2] = (char) (0x80 | (c >> 6 & 0x3f));
        to[3] = (char) (0x80 | (c & 0x3f));
        return 4;
}

/* \uXXXX, a pair of them outside the basic plane; reader->at is behind the 'u'. */
static bool read_code_point(Reader *reader, char **to) {
        uint32_t c, low;

        if (!read_hex4(reader->at, &c))
                return false;
        reader->at += 4;
        if (c >= 0xd800 && c < 0xdc00) {
                if (!take_word(reader, "\\u") || !read_hex4(reader->at, &low) ||
                    low < 0xdc00 || low > 0xdfff)
                        return false;
                reader->at += 4;
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        } else if (c == 0 || (c >= 0xdc00 && c <= 0xdfff)) {
                return false;
        }
        *to += put_utf8(*to, c);
        return true;
}

static bool read_escape(Reader *reader, char **to) {
        static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
        char letter = *reader->at;
        const char *found;

        if (letter == '\0')
                return false;
        reader->at++;
        if (letter == 'u')
                return read_code_point(reader, to);
        found = strchr(letters, letter);
        if (!found)
                return false;
        *(*to)++ = values[found - letters];
        return true;
}

static bool read_text(Reader *reader, const char **ret_text) {
        char *start, *to;

        if (!take_char(reader, '"'))
                return false;
        start = to = reader->at;
        while (*reader->at != '"') {
                if ((unsigned char) *reader->at < 0x20) /* the end, too */
                        return false;
                if (*reader->at != '\\')
                        *to++ = *reader->at++;
                else if (reader->at++, !read_escape(reader, &to))
                        return false;
        }
        reader->at++;
        *to = '\0'; /* at the closing quote at the latest */
        *ret_text = start;
        return true;
}

static bool skip_digits(Reader *reader) {
        size_t n = strspn(reader->at, "0123456789");

        reader->at += n;
        return n > 0;
}

static bool read_number(Reader *reader, JsonNode *node) {
        const char *start = reader->at, *end;

        if (text_parse_u64_prefix(start, &end, &node->number))
                node->is_natural = true;
        if (*reader->at == '-')
                reader->at++;
        if (*reader->at == '0' && char_is_digit(reader->at[1]))
                return false;
        if (!skip_digits(reader))
                return false;
        if (*reader->at == '.') {
                node->is_natural = false;
                reader->at++;
                if (!skip_digits(reader))
                        return false;
        }
        if (*reader->at == 'e' || *reader->at == 'E') {
                node->is_natural = false;
                reader->at++;
                reader->at += *reader->at == '+' || *reader->at == '-';
                if (!skip_digits(reader))
                        return false;
        }
        return true;
}

static bool name_is_new(const JsonRecord *record, size_t object, const char *name) {
        const JsonNode *at = record->nodes + object + 1;

        for (; at < record->nodes + record->n_nodes; at += 1 + at->n_below)
                if (text_equal(at->name, name))
                        return false;
        return true;
}

/* The members of the object, or array, that is node number @index; its opening bracket is read. */
static bool read_members(Reader *reader, size_t index, bool named) {
        char end = named ? '}' : ']';
        const char *name = NULL;

        if (++reader->depth > JSON_DEPTH_MAX)
                return false;
        if (take_char(reader, end)) {
                reader->depth--;
                return true;
        }
        do {
                if (named && (!read_text(reader, &name) ||
                              !name_is_new(reader->record, index, name) || !take_char(reader, ':')))
                        return false;
                if (!read_value(reader, name))
                        return false;
        } while (take_char(reader, ','));
        reader->depth--;
        return take_char(reader, end);
}

static bool read_scalar(Reader *reader, JsonNode *node) {
        if (*reader->at == '"') {
                node->kind = JSON_TEXT;
                return read_text(reader, &node->text);
        }
        if (*reader->at == '-' || char_is_digit(*reader->at)) {
                node->kind = JSON_NUMBER;
                return read_number(reader, node);
        }
        if (take_word(reader, "null"))
                return true;
        node->kind = JSON_FLAG;
        node->flag = take_word(reader, "true");
        return node->flag || take_word(reader, "false");
}

static bool read_value(Reader *reader, const char *name) {
        JsonRecord *record = reader->record;
        size_t index = record->n_nodes;
        bool named;

        if (index == JSON_NODES_MAX)
                return false;
        GROW(record->nodes, record->n_nodes, record->n_allocated);
        record->nodes[index] = (JsonNode) { .name = name };
        record->n_nodes++;

        skip_blanks(reader);
        if (*reader->at != '{' && *reader->at != '[')
                return read_scalar(reader, &record->nodes[index]);
        named = *reader->at++ == '{';
        record->nodes[index].kind = named ? JSON_OBJECT : JSON_ARRAY;
        if (!read_members(reader, index, named))
                return false;
        record->nodes[index].n_below = record->n_nodes - index - 1;
        return true;
}

bool json_record_parse(const char *text, size_t size, JsonRecord **ret_record) {
        _cleanup_(json_record_freep) JsonRecord *record = NULL;
        Reader reader;

        if (size > JSON_RECORD_MAX || memchr(text, '\0', size) || !text_is_utf8(text, size))
                return false;
        record = make(JsonRecord, .text = text_dup_range(text, size), .size = size);
        reader = (Reader) { .record = record, .at = record->text };
        if (!read_value(&reader, NULL) || record->nodes[0].kind != JSON_OBJECT)
                return false;
        skip_blanks(&reader);
        if (reader.at != record->text + size)
                return false;
        *ret_record = TAKE_PTR(record);
        return true;
}

JsonRecord *json_record_free(JsonRecord *record) {
        if (!record)
                return NULL;
        memory_wipe(record->text, record->size);
        free(record->text);
        free(record->nodes);
        free(record);
        return NULL;
}

const JsonNode *json_record_root(const JsonRecord *record) {
        return record->nodes;
}

static const JsonNode *find(const JsonNode *object, const char *name) {
        if (!object || object->kind != JSON_OBJECT)
                return NULL;
        for (const JsonNode *at = object + 1; at <= object + object->n_below; at += 1 + at->n_below)
                if (text_equal(at->name, name))
                        return at;
        return NULL;
}

bool json_node_has(const JsonNode *object, const char *name) {
        return find(object, name) != NULL;
}

const char *json_node_text(const JsonNode *object, const char *name) {
        const JsonNode *node = find(object, name);

        return node && node->kind == JSON_TEXT ? node->text : NULL;
}

const JsonNode *json_node_object(const JsonNode *object, const char *name) {
        const JsonNode *node = find(object, name);

        return node && node->kind == JSON_OBJECT ? node : NULL;
}

bool json_node_flag(const JsonNode *object, const char *name) {
        const JsonNode *node = find(object, name);

        return node && node->kind == JSON_FLAG && node->flag;
}

bool json_node_number(const JsonNode *object, const char *name, uint64_t max,
                      uint64_t *ret_number) {
        const JsonNode *node = find(object, name);

        if (!node || node->kind != JSON_NUMBER || !node->is_natural || node->number > max)
                return false;
        *ret_number = node->number;
        return true;
}

void json_node_each_text(const JsonNode *object, void (*on_text)(void *context, const char *name,
                                                                 const char *text), void *context) {
        if (!object || object->kind != JSON_OBJECT)
                return;
        for (const JsonNode *at = object + 1; at <= object + object->n_below; at += 1 + at->n_below)
                if (at->kind == JSON_TEXT)
                        on_text(context, at->name, at->text);
}
