/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grammar of Courier's keyword files. */
#include "maildir/keyword-list.h"

#include "basic/text.h"

void keyword_list_done(KeywordList *list) {
        for (size_t i = 0; i < list->n_entries; i++) {
                free(list->entries[i].base);
                free(list->entries[i].numbers);
        }
        free(list->entries);
        name_list_done(&list->names);
        name_list_done(&list->updates);
        *list = (KeywordList){ 0 };
}

static const char *end_of_line(const char *at, const char *end) {
        const char *line_feed = memchr(at, '\n', (size_t) (end - at));

        return line_feed ? line_feed : end;
}

char *keyword_name_clean(const char *name, size_t size) {
        char *clean = text_dup_range(name, size);

        for (char *c = clean; *c; c++)
                if ((unsigned char) *c <= ' ' || *c == 0x7f || strchr("(){%*\"\\]", *c))
                        *c = '_';
        return clean;
}

/* The number of a name, which is added; KEYWORD_NAMES_MAX when there are too many. */
static uint32_t number_of_name(KeywordList *list, const char *name, size_t size) {
        _cleanup_free_ char *clean = keyword_name_clean(name, size);

        for (size_t i = 0; i < list->names.n_names; i++)
                if (text_equal_nocase(list->names.names[i], clean))
                        return (uint32_t) i;
        if (*clean == '\0' || list->names.n_names == KEYWORD_NAMES_MAX)
                return KEYWORD_NAMES_MAX;
        name_list_add(&list->names, clean);
        return (uint32_t) list->names.n_names - 1;
}

static int compare_entries(const void *a, const void *b) {
        return strcmp(((const KeywordEntry *) a)->base, ((const KeywordEntry *) b)->base);
}

static void add_number(KeywordEntry *entry, uint32_t number) {
        for (size_t i = 0; i < entry->n_numbers; i++)
                if (entry->numbers[i] == number)
                        return;
        if (number >= KEYWORD_NAMES_MAX)
                return;
        entry->numbers = memory_resize(entry->numbers, entry->n_numbers + 1, sizeof(uint32_t));
        entry->numbers[entry->n_numbers++] = number;
}

/* "<base name>:1 3 4"; numbers[] says what the file's indexes are in our table. */
static void take_message(KeywordList *list, const char *line, const char *end,
                         const uint32_t *numbers, size_t n_numbers) {
        const char *colon = memchr(line, ':', (size_t) (end - line));
        KeywordEntry entry = { 0 };

        if (!colon || colon == line)
                return;
        for (const char *at = colon; at < end; at++) {
                uint64_t index = 0;

                if (!char_is_digit(*at))
                        continue;
                for (; at < end && char_is_digit(*at); at++)
                        index = index > UINT32_MAX ? index : index * 10 + (uint64_t) (*at - '0');
                if (index < n_numbers)
                        add_number(&entry, numbers[index]);
        }
        if (entry.n_numbers == 0)
                return;
        entry.base = text_dup_range(line, (size_t) (colon - line));
        GROW(list->entries, list->n_entries, list->n_allocated);
        list->entries[list->n_entries++] = entry;
}

static void drop_same_messages(KeywordList *list) {
        size_t n_kept = 0;

        if (list->n_entries > 0)
                qsort(list->entries, list->n_entries, sizeof(KeywordEntry), compare_entries);
        for (size_t i = 0; i < list->n_entries; i++) {
                if (n_kept == 0 ||
                    !text_equal(list->entries[n_kept - 1].base, list->entries[i].base)) {
                        list->entries[n_kept++] = list->entries[i];
                        continue;
                }
                free(list->entries[i].base);
                free(list->entries[i].numbers);
        }
        list->n_entries = n_kept;
}

void keyword_list_parse(const char *octets, size_t size, KeywordList *ret_list) {
        const char *at = octets, *end = octets + size;
        uint32_t *numbers = make_array(uint32_t, KEYWORD_NAMES_MAX);
        KeywordList list = { 0 };
        size_t n_numbers = 0;

        for (; at < end && *at != '\n'; at = end_of_line(at, end) + 1)
                if (n_numbers < KEYWORD_NAMES_MAX)
                        numbers[n_numbers++] = number_of_name(
                                &list, at, (size_t) (end_of_line(at, end) - at));
        for (at++; at < end; at = end_of_line(at, end) + 1)
                take_message(&list, at, end_of_line(at, end), numbers, n_numbers);
        drop_same_messages(&list);
        free(numbers);
        *ret_list = list;
}

static KeywordEntry *find_or_add(KeywordList *list, const char *base) {
        KeywordEntry *found = (KeywordEntry *) keyword_list_find(list, base);
        size_t i = list->n_entries;

        if (found)
                return found;
        GROW(list->entries, list->n_entries, list->n_allocated);
        for (; i > 0 && strcmp(list->entries[i - 1].base, base) > 0; i--)
                list->entries[i] = list->entries[i - 1];
        list->entries[i] = (KeywordEntry){ .base = text_dup(base) };
        list->n_entries++;
        return &list->entries[i];
}

void keyword_list_set(KeywordList *list, const char *base, const char *octets, size_t size) {
        _cleanup_free_ char *name = text_dup_range(base, strcspn(base, ":"));
        KeywordEntry *entry = find_or_add(list, name);
        const char *end = octets + size;

        entry->n_numbers = 0;
        for (const char *at = octets; at < end; at = end_of_line(at, end) + 1)
                if (at < end_of_line(at, end))
                        add_number(entry, number_of_name(
                                list, at, (size_t) (end_of_line(at, end) - at)));
}

const KeywordEntry *keyword_list_find(const KeywordList *list, const char *base) {
        KeywordEntry key = { .base = (char *) base };

        if (list->n_entries == 0)
                return NULL;
        return bsearch(&key, list->entries, list->n_entries, sizeof(KeywordEntry),
                       compare_entries);
}

void keyword_list_append_names(Buffer *target, const char *const *names, size_t n_names) {
        for (size_t i = 0; i < n_names; i++) {
                buffer_append_text(target, names[i]);
                buffer_append_char(target, '\n');
        }
        buffer_append_char(target, '\n');
}

void keyword_list_append_entry(Buffer *target, const char *base, const uint32_t *numbers,
                               size_t n_numbers) {
        buffer_append_text(target, base);
        for (size_t i = 0; i < n_numbers; i++) {
                buffer_append_char(target, i == 0 ? ':' : ' ');
                buffer_append_number(target, numbers[i]);
        }
        buffer_append_char(target, '\n');
}
