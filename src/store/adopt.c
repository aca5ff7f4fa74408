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
#include "maildir/directory-reader.h"
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

typedef struct Known {
        NameMap map;
        size_t n; /* of its names that are in cur/ */
} Known;

static void known_init(Known *known, const UidDatabase *database) {
        name_map_init(&known->map, database->n_entries);
        for (size_t i = 0; i < database->n_entries; i++)
                name_map_add(&known->map, database->entries[i].base, database->entries[i].uid);
}

static int count_known(int cur_fd, Known *a, Known *b) {
        _cleanup_directory_reader_ DirectoryReader reader = DIRECTORY_READER_CLOSED;
        DirectoryName file = { 0 };
        int r = directory_reader_open(cur_fd, &reader);

        while (r == DISK_DONE) {
                uint32_t uid;

                r = directory_reader_next(&reader, &file);
                if (r != DISK_DONE || !file.name)
                        break;
                a->n += name_map_find(&a->map, file.name, &uid);
                b->n += name_map_find(&b->map, file.name, &uid);
        }
        return r;
}

static bool is_later(const struct timespec *a, const struct timespec *b) {
        return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

static void known_done(Known *known) {
        name_map_done(&known->map);
}

static bool was_dovecot_last(const Mailbox *box, const Numbers *numbers) {
        _cleanup_(known_done) Known courier = { 0 }, dovecot = { 0 };

        if (!numbers->has_courier || !numbers->has_dovecot)
                return numbers->has_dovecot;
        known_init(&courier, &numbers->courier);
        known_init(&dovecot, &numbers->dovecot.uids);
        if (count_known(box->folder.cur_fd, &courier, &dovecot) != DISK_DONE)
                return false; /* the scan that follows meets the same obstacle, and says so */
        if (courier.n != dovecot.n)
                return dovecot.n > courier.n;
        return is_later(&numbers->dovecot_st.st_mtim, &numbers->courier_st.st_mtim);
}

static void report(const Mailbox *box, const Numbers *numbers, bool was_broken) {
        bool adopted = numbers->has_courier || numbers->has_dovecot;

        if (was_broken)
                log_report_id(LOG_WARNING, MESSAGE_ID_INDEX_REBUILT,
                              "Index of mailbox '%s' is damaged, rebuilding it with %s.",
                              box->name, adopted ? "the same UIDs" : "new UIDs");
        else if (!adopted && directory_has_files(box->folder.cur_fd))
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
