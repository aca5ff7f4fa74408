/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inspect open|index MAILDIR...: what stands in each, as lines of text: mailboxes with their numbers, messages
 * with UID, modseq, flags, keywords, size and checksum of the whole file, subscriptions. "end" closes each; a
 * failure is a line too, and no reason to stop.
 *
 * open: what a session finds that opens them now. index: what the index says, without a look at the files, which
 * is what clients have been told; nothing is changed. Mailboxes without an index are left out then.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "basic/log.h"
#include "basic/text.h"
#include "index/index.h"
#include "maildir/message-file.h"
#include "store/message.h"
#include "store/store-private.h"

enum { FILE_OCTETS_MAX = 16 * 1024 * 1024 };

/* The stored octets, whole. */
static int print_body(Mailbox *box, uint32_t uid) {
        _cleanup_(message_closep) Message *message = NULL;
        static char chunk[64 * 1024];
        uint64_t offset = 0;
        uLong sum = crc32(0, NULL, 0);
        size_t size;
        int r = message_open(box, uid, &message);

        if (r != STORE_DONE)
                return r;
        do {
                r = message_read_at(message, offset, chunk, sizeof(chunk), &size);
                if (r != 0)
                        return r;
                sum = crc32(sum, (const Bytef *) chunk, (uInt) size);
                offset += size;
        } while (size > 0);
        printf(" %" PRIu64 " %lu", offset, sum);
        return STORE_DONE;
}

static void print_flags(uint32_t uid, uint64_t modseq, unsigned flags) {
        static const char letters[] = "RTDFS"; /* in order of the bits */

        printf("message %" PRIu32 " %" PRIu64 " :", uid, modseq);
        for (int i = 0; letters[i]; i++)
                if (flags >> i & 1)
                        putchar(letters[i]);
}

static void print_message(Mailbox *box, size_t position) {
        MessageRecord record;
        int r;

        mailbox_message_at(box, position, &record);
        print_flags(record.uid, record.modseq, record.flags);
        r = print_body(box, record.uid);
        if (r != STORE_DONE)
                printf(" failed %d", r);
        for (size_t k = 0; k < mailbox_n_keywords(box); k++)
                if (message_record_has_keyword(&record, k))
                        printf(" %s", mailbox_keyword(box, k));
        putchar('\n');
}

static void print_mailbox(MailStore *store, const char *name) {
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        int r = mailbox_open(store, name, MAILBOX_READ_WRITE, &box);

        if (r != STORE_DONE) {
                printf("failed open %d %s\n", r, name);
                return;
        }
        printf("mailbox %" PRIu32 " %" PRIu32 " %" PRIu64 " %s\n", mailbox_uidvalidity(box), mailbox_uidnext(box),
               mailbox_highest_modseq(box), name);
        for (size_t i = 0; i < mailbox_n_messages(box); i++)
                print_message(box, i);
}

/* The file of a message is found by its base name. */
static void print_indexed(const Folder *folder, const IndexTable *table, size_t position) {
        const IndexRecord *record = &table->records[position];
        const uint64_t *words = index_table_keywords(table, position);
        _cleanup_free_ char *name = NULL, *octets = NULL;
        size_t size = 0;

        print_flags(record->uid, record->modseq, record->flags);
        if (message_file_find(folder, index_table_name(table, position), &name) != DISK_DONE ||
            disk_read(folder->cur_fd, name, FILE_OCTETS_MAX, &octets, &size, NULL) != DISK_DONE)
                printf(" failed 0");
        else
                printf(" %zu %lu", size, crc32(crc32(0, NULL, 0), (const Bytef *) octets, (uInt) size));
        for (size_t k = 0; k < table->n_keywords; k++)
                if (words[k / 64] >> (k % 64) & 1)
                        printf(" %s", table->keywords[k]);
        putchar('\n');
}

static void print_index(MailStore *store, const char *name) {
        _cleanup_folder_ Folder folder = FOLDER_CLOSED;
        _cleanup_(index_closep) Index *index = NULL;
        char directory[FOLDER_DIRECTORY_SIZE];
        const IndexTable *table;

        if (folder_name_to_directory(name, directory) != FOLDER_NAME_DONE ||
            folder_open(store->root_fd, directory, &folder) != DISK_DONE ||
            index_open(folder.dir_fd, &index) != INDEX_DONE)
                return;
        table = index_table(index);
        printf("mailbox %" PRIu32 " %" PRIu32 " %" PRIu64 " %s\n", table->facts.uidvalidity, table->facts.uidnext,
               table->facts.highest_modseq, name);
        for (size_t i = 0; i < table->n_records; i++)
                if (!(table->records[i].state & INDEX_GONE))
                        print_indexed(&folder, table, i);
}

static void print_maildir(const char *path, bool index_only) {
        StoreSettings settings = { .use_locks = true, .host_name = "host", .trash_name = "Trash" };
        _cleanup_(store_closep) MailStore *store = NULL;
        _cleanup_store_list_ StoreList list = { 0 }, subscriptions = { 0 };
        int r = store_open(path, &settings, &store);

        if (r == STORE_DONE)
                r = store_list(store, &list);
        if (r == STORE_DONE)
                r = store_subscriptions(store, &subscriptions);
        if (r != STORE_DONE)
                printf("failed maildir %d\n", r);
        for (size_t i = 0; i < list.n_entries; i++)
                if (list.entries[i].exists)
                        (index_only ? print_index : print_mailbox)(store, list.entries[i].name);
        for (size_t i = 0; i < subscriptions.n_entries; i++)
                if (subscriptions.entries[i].exists || !subscriptions.entries[i].has_children)
                        printf("subscribed %s\n", subscriptions.entries[i].name);
        puts("end");
}

int main(int argc, char **argv) {
        if (argc < 3)
                return EXIT_FAILURE;
        log_open("inspect");
        log_set_max_level(LOG_ERR); /* what is reported on purpose is no finding */
        for (int i = 2; i < argc; i++)
                print_maildir(argv[i], text_equal(argv[1], "index"));
        return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
