/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing Courier's and Dovecot's files of a mailbox for the way back. */
#include "store/export.h"

#include <errno.h>
#include <sys/random.h>

#include "basic/log.h"
#include "basic/text.h"
#include "maildir/dovecot-uidlist.h"
#include "maildir/keyword-list.h"
#include "maildir/uid-database.h"
#include "store/dovecot-letters.h"
#include "store/name-map.h"
#include "store/store-private.h"

/* One mailbox under its lock. */
typedef struct Export {
        Mailbox *box;
        const IndexTable *table;
        IndexFacts facts; /* as they will be */
        const StoreReporter *reporter;
} Export;

static void tell(const Export *export, const char *kind, const char *file, const char *text,
                 const char *remedy) {
        _cleanup_free_ char *path = NULL;
        StoreFinding finding = { .kind = kind, .mailbox = export->box->name, .text = text,
                                 .remedy = remedy };

        if (file)
                path = text_equal(export->box->directory, ".")
                               ? text_dup(file)
                               : text_printf("%s/%s", export->box->directory, file);
        finding.path = path;
        store_tell(export->reporter, &finding);
}

static bool is_present(const Export *export, size_t position) {
        return !(index_table_record(export->table, position)->state & INDEX_GONE);
}

static bool has_keyword(const Export *export, size_t position, size_t keyword) {
        return index_table_keywords(export->table, position)[keyword / 64] >> (keyword % 64) & 1;
}

/* Entries of messages that are gone do no harm. */
static bool says_the_same(const Export *export, const UidDatabase *database) {
        _cleanup_name_map_ NameMap map = { 0 };

        if (database->uidvalidity != export->facts.uidvalidity ||
            database->uidnext != export->facts.uidnext)
                return false;
        name_map_init(&map, database->n_entries);
        for (size_t i = 0; i < database->n_entries; i++)
                name_map_add(&map, database->entries[i].base, database->entries[i].uid);
        for (size_t i = 0; i < export->table->n_records; i++) {
                uint32_t uid;

                if (is_present(export, i) &&
                    (!name_map_find(&map, index_table_name(export->table, i), &uid) ||
                     uid != export->table->records[i].uid))
                        return false;
        }
        return true;
}

static int export_courier_uids(Export *export) {
        _cleanup_uid_database_ UidDatabase old = { 0 };
        struct stat st;
        int r = uid_database_read(&export->box->folder, &old, &st);

        if (r < 0 || (r == DISK_DONE && says_the_same(export, &old)))
                return r;
        r = mailbox_rewrite_uids(export->box, &export->facts);
        if (r == DISK_DONE)
                tell(export, "written", UID_DATABASE_NAME, "written", NULL);
        return r;
}

/* The names that a list has for a message, among the index' keywords; others cannot be. */
static bool has_same_keywords(const Export *export, size_t position, const KeywordList *list) {
        const char *base = index_table_name(export->table, position);
        const KeywordEntry *entry = keyword_list_find(list, base);
        size_t n = 0;

        for (size_t k = 0; k < export->table->n_keywords; k++)
                n += has_keyword(export, position, k);
        if (n != (entry ? entry->n_numbers : 0))
                return false;
        for (size_t i = 0; i < n; i++) {
                size_t number;

                if (!index_table_find_keyword(export->table,
                                              list->names.names[entry->numbers[i]], &number) ||
                    !has_keyword(export, position, number))
                        return false;
        }
        return true;
}

static int export_courier_keywords(Export *export) {
        _cleanup_keyword_list_ KeywordList old = { 0 };
        bool same = true;
        int r = keyword_list_read(&export->box->folder, &old);

        if (r < 0)
                return r;
        for (size_t i = 0; same && i < export->table->n_records; i++)
                same = !is_present(export, i) || has_same_keywords(export, i, &old);
        if (same)
                return DISK_DONE;
        r = mailbox_write_keywords(export->box, &export->facts);
        if (r == DISK_DONE)
                tell(export, "written", KEYWORD_DIRECTORY "/:list", "written", NULL);
        return r;
}

/* A mailbox's GUID of Dovecot's: 128 random bits. */
static int append_new_guid(Buffer *target) {
        unsigned char octets[16];

        if (getrandom(octets, sizeof(octets), 0) != (ssize_t) sizeof(octets))
                return failed(-errno, "get random numbers");
        buffer_append_char(target, 'G');
        for (size_t i = 0; i < sizeof(octets); i++)
                buffer_printf(target, "%02x", octets[i]);
        return DISK_DONE;
}

/* What Dovecot remembers of a message (POP3's UIDL, its GUID) stays. */
static void append_uidlist(const Export *export, const DovecotUidlist *old, const char *header,
                           Buffer *octets) {
        _cleanup_name_map_ NameMap map = { 0 };

        name_map_init(&map, old->uids.n_entries);
        for (size_t i = 0; i < old->uids.n_entries; i++)
                name_map_add(&map, old->uids.entries[i].base, (uint32_t) i);
        dovecot_uidlist_append_header(octets, export->facts.uidvalidity, export->facts.uidnext,
                                      header);
        for (size_t i = 0; i < export->table->n_records; i++) {
                const char *base = index_table_name(export->table, i);
                uint32_t at;

                if (is_present(export, i))
                        dovecot_uidlist_append_entry(octets, export->table->records[i].uid,
                                                     name_map_find(&map, base, &at)
                                                             ? old->uids.entries[at].fields : "",
                                                     base);
        }
}

static int export_uidlist(Export *export) {
        _cleanup_dovecot_uidlist_ DovecotUidlist old = { 0 };
        _cleanup_buffer_ Buffer octets = { 0 }, guid = { 0 };
        struct stat st;
        int r = dovecot_uidlist_read(&export->box->folder, &old, &st);

        if (r < 0)
                return r;
        if (r != DISK_DONE || !says_the_same(export, &old.uids)) {
                if (!old.header_fields || *old.header_fields == '\0') {
                        r = append_new_guid(&guid);
                        if (r < 0)
                                return r;
                }
                append_uidlist(export, &old, guid.size > 0 ? guid.data : old.header_fields,
                               &octets);
                r = dovecot_uidlist_write(&export->box->folder, &export->box->store->names, &octets,
                                          &st);
                if (r != DISK_DONE)
                        return r;
                tell(export, "written", DOVECOT_UIDLIST_NAME, "written", NULL);
        }
        export->facts.dovecot_uidlist = index_identity(&st);
        return DISK_DONE;
}

static size_t count_messages(const Export *export, size_t keyword) {
        size_t n = 0;

        for (size_t i = 0; i < export->table->n_records; i++)
                n += is_present(export, i) && has_keyword(export, i, keyword);
        return n;
}

static void tell_no_letter(const Export *export, size_t keyword, size_t n_messages) {
        _cleanup_free_ char *text = text_printf(
                "keyword '%s' of %zu messages has no letter: Dovecot has %d of them a mailbox",
                export->table->keywords[keyword], n_messages, DOVECOT_LETTERS);

        tell(export, "keyword-without-letter", NULL, text,
             "it stays in our index; take keywords away that nobody needs and export again");
}

/* Keywords that some message has get a number, as long as there are letters. */
static int export_keyword_names(Export *export) {
        _cleanup_(dovecot_keywords_freep) DovecotKeywords *keywords = NULL;
        bool changed = false;
        int r = dovecot_keywords_read(&export->box->folder, &keywords);

        if (r < 0)
                return r;
        if (!keywords)
                keywords = dovecot_keywords_parse("", 0);
        for (size_t k = 0; k < export->table->n_keywords; k++) {
                size_t n_messages = count_messages(export, k), number;
                bool known = dovecot_keywords_find(keywords, export->table->keywords[k], &number);

                if (n_messages == 0)
                        continue;
                if (!known && !dovecot_keywords_add(keywords, export->table->keywords[k], &number))
                        number = DOVECOT_KEYWORDS_MAX;
                changed |= !known && number < DOVECOT_KEYWORDS_MAX;
                if (number >= DOVECOT_LETTERS)
                        tell_no_letter(export, k, n_messages);
        }
        if (!changed)
                return DISK_DONE;
        r = dovecot_keywords_write(&export->box->folder, &export->box->store->names, keywords);
        if (r == DISK_DONE)
                tell(export, "written", DOVECOT_KEYWORDS_NAME, "written", NULL);
        return r;
}

static int export_courier(Export *export) {
        int r = export_courier_uids(export);

        return store_outcome(r == DISK_DONE ? export_courier_keywords(export) : r);
}

static int export_dovecot(Export *export) {
        int r = store_outcome(export_uidlist(export));

        if (r == STORE_DONE)
                r = store_outcome(export_keyword_names(export));
        return r == STORE_DONE ? dovecot_letters_write(export->box, &export->facts) : r;
}

int store_export_mailbox(MailStore *store, const char *name, ExportTarget target,
                         const StoreReporter *reporter) {
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_(folder_unlock) FolderLock lock = FOLDER_LOCK_NONE;
        Export export;
        int r = mailbox_open(store, name, MAILBOX_READ_ONLY, &box);

        if (r == STORE_DONE)
                r = mailbox_lock(box, true, &lock);
        if (r == STORE_DONE)
                r = mailbox_synchronize_held(box);
        if (r != STORE_DONE)
                return r;
        export = (Export){ .box = box, .table = index_table(box->index), .reporter = reporter,
                           .facts = index_table(box->index)->facts };
        r = target == EXPORT_COURIER ? export_courier(&export) : export_dovecot(&export);
        index_change_facts(box->index, &export.facts);
        return r == STORE_DONE ? mailbox_commit(box, INDEX_SYNCED) : r;
}
