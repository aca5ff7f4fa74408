/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose numbers a mailbox goes on with when it has no index: Courier's, Dovecot's, or new ones.
 *
 * Where both servers have been, the one that knows more of the messages that are there was the
 * last to serve them; if both know as many, the one whose file is younger.
 */
#include "basic/clock.h"
#include "basic/log.h"
#include "basic/message-id.h"
#include "maildir/dovecot-uidlist.h"
#include "maildir/message-file.h"
#include "store/name-map.h"
#include "store/store-private.h"

/* What the other servers left. */
typedef struct Numbers {
        UidDatabase courier;
        DovecotUidlist dovecot;
        bool has_courier, has_dovecot;
        struct stat courier_st, dovecot_st;
} Numbers;

static void numbers_done(Numbers *numbers) {
        uid_database_done(&numbers->courier);
        dovecot_uidlist_done(&numbers->dovecot);
}

static size_t count_known(const UidDatabase *database, const FileList *files) {
        _cleanup_name_map_ NameMap map = { 0 };
        size_t n = 0;

        name_map_init(&map, database->n_entries);
        for (size_t i = 0; i < database->n_entries; i++)
                name_map_add(&map, database->entries[i].base, database->entries[i].uid);
        for (size_t i = 0; i < files->n_files; i++) {
                uint32_t uid;

                n += name_map_find(&map, file_list_at(files, i), &uid);
        }
        return n;
}

static bool is_later(const struct timespec *a, const struct timespec *b) {
        return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

static bool was_dovecot_last(const Mailbox *box, const Numbers *numbers) {
        _cleanup_file_list_ FileList files = { 0 };
        size_t n_courier, n_dovecot;

        if (!numbers->has_courier || !numbers->has_dovecot)
                return numbers->has_dovecot;
        if (file_list_read(box->folder.cur_fd, &files) != DISK_DONE)
                return false; /* the scan that follows meets the same obstacle, and says so */
        n_courier = count_known(&numbers->courier, &files);
        n_dovecot = count_known(&numbers->dovecot.uids, &files);
        if (n_courier != n_dovecot)
                return n_dovecot > n_courier;
        return is_later(&numbers->dovecot_st.st_mtim, &numbers->courier_st.st_mtim);
}

static bool has_messages(const Folder *folder) {
        _cleanup_file_list_ FileList files = { 0 };

        return file_list_read(folder->cur_fd, &files) == DISK_DONE && files.n_files > 0;
}

static void report(const Mailbox *box, const Numbers *numbers, bool was_broken) {
        bool adopted = numbers->has_courier || numbers->has_dovecot;

        if (was_broken)
                log_report_id(LOG_WARNING, MESSAGE_ID_INDEX_REBUILT,
                              "Index of mailbox '%s' is damaged, rebuilding it with %s.",
                              box->name, adopted ? "the same UIDs" : "new UIDs");
        else if (!adopted && has_messages(&box->folder))
                log_report_id(LOG_NOTICE, MESSAGE_ID_INDEX_REBUILT,
                              "Mailbox '%s' has messages but no UIDs, numbering them.", box->name);
        else if (box->dovecot_was_last)
                log_report(LOG_INFO, "Mailbox '%s' was Dovecot's, using its UIDs.", box->name);
}

Index *mailbox_adopt_index(Mailbox *box, bool was_broken) {
        _cleanup_(numbers_done) Numbers numbers = { 0 };
        const UidDatabase *chosen = NULL;
        Index *index;
        IndexFacts *facts;

        numbers.has_courier = uid_database_read(&box->folder, &numbers.courier,
                                                &numbers.courier_st) == DISK_DONE;
        numbers.has_dovecot = dovecot_uidlist_read(&box->folder, &numbers.dovecot,
                                                   &numbers.dovecot_st) == DISK_DONE;
        box->dovecot_was_last = was_dovecot_last(box, &numbers);
        if (numbers.has_courier || numbers.has_dovecot)
                chosen = box->dovecot_was_last ? &numbers.dovecot.uids : &numbers.courier;
        report(box, &numbers, was_broken);
        index = index_new(box->folder.dir_fd, chosen ? chosen->uidvalidity
                                                     : store_new_uidvalidity(box->store));
        if (!chosen)
                return index;
        index_start_modseq(index, clock_realtime_usec());
        store_note_uidvalidity(box->store, chosen->uidvalidity);
        /* Who was not chosen, and counts differently, is not looked at until he comes back. */
        facts = &index_table(index)->facts;
        if (numbers.has_courier && numbers.courier.uidvalidity != chosen->uidvalidity)
                facts->uid_database = index_identity(&numbers.courier_st);
        if (numbers.has_dovecot && numbers.dovecot.uids.uidvalidity != chosen->uidvalidity)
                facts->dovecot_uidlist = index_identity(&numbers.dovecot_st);
        return index;
}
