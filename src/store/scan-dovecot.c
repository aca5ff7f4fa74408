/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Dovecot's own files say, when they changed behind us, or when there is no index yet. */
#include <fcntl.h>

#include "basic/clock.h"
#include "store/scan.h"

enum { TICK_USEC = 100 * 1000 }; /* time stamps are as exact as this */

static int read_uidlist(Scan *scan, FileIdentity now) {
        _cleanup_dovecot_uidlist_ DovecotUidlist list = { 0 };
        bool is_new = !index_identity_is_same(&now, &scan->facts.dovecot_uidlist);
        struct stat st;
        int r = dovecot_uidlist_read(&scan->box->folder, &list, &st);

        if (r < 0)
                return r;
        scan->letters_are_new |= scan->facts.dovecot_uidlist.ino == 0;
        scan->facts.dovecot_uidlist = now;
        if (r != DISK_DONE)
                return STORE_DONE;
        if (is_new && list.uids.uidvalidity > scan->facts.uidvalidity) {
                r = scan_take_numbering(scan, &list.uids, "Dovecot");
                if (r != STORE_DONE)
                        return r;
                their_uids_done(&scan->courier); /* those were of the old numbers */
                scan->uids_changed = true;
        }
        if (list.uids.uidvalidity == scan->facts.uidvalidity)
                their_uids_take(&scan->dovecot, &list.uids);
        return STORE_DONE;
}

int scan_read_dovecot_files(Scan *scan) {
        FileIdentity uids = scan_identity(scan->box->folder.dir_fd, DOVECOT_UIDLIST_NAME);
        int r = STORE_DONE;

        if (!index_identity_is_same(&uids, &scan->facts.dovecot_uidlist) ||
            index_is_suspect(scan->box->index))
                r = read_uidlist(scan, uids);
        return r == STORE_DONE ? dovecot_letters_read(scan->box, &scan->letters) : r;
}

/*
 * Courier drops letters that it does not know when it changes flags. So letters that vanished
 * are keywords taken away only if Dovecot has been at work since our last look.
 */
static bool has_dovecot_been_here(Scan *scan) {
        struct stat st;
        int64_t last_usec;

        if (scan->dovecot_was_here != SCAN_UNKNOWN)
                return scan->dovecot_was_here == SCAN_YES;
        scan->dovecot_was_here = SCAN_YES; /* its index is somewhere else */
        if (fstatat(scan->box->folder.dir_fd, "dovecot.index.log", &st, AT_SYMLINK_NOFOLLOW) == 0) {
                last_usec = st.st_mtim.tv_sec * (int64_t) USEC_PER_SEC + st.st_mtim.tv_nsec / 1000;
                if (last_usec + TICK_USEC < scan->last_usec)
                        scan->dovecot_was_here = SCAN_NO;
        }
        return scan->dovecot_was_here == SCAN_YES;
}

void scan_letter_words(Scan *scan, uint64_t old, uint64_t now, uint64_t *words) {
        uint64_t known = scan->letters_are_new ? 0 : old;
        uint64_t gone = known & ~now & scan->letters.mapped;
        uint64_t come = now & ~known & scan->letters.mapped;

        if (gone != 0 && !has_dovecot_been_here(scan))
                gone = 0;
        if ((gone | come) == 0)
                return;
        dovecot_letters_clear(&scan->letters, gone, words);
        dovecot_letters_set(&scan->letters, come, words);
        scan->facts.dirty |= INDEX_KEYWORDS_DIRTY; /* Courier is to know as well */
}
