/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Several processes, and a program that knows nothing of them, work on two mailboxes at once. Nobody
 * deletes a message whose text starts with "keep": each of these is there exactly once in the end, and
 * nobody has ever seen another text under its UID.
 */
#include <sys/mman.h>
#include <sys/wait.h>

#include "basic/clock.h"
#include "store-fixture.h"

enum { N_WORKERS = 3, N_KEPT = 512, UIDS_MAX = 4096, RUN_MSEC = 1500 };

typedef struct Shared {
        uint32_t text_of_uid[2][UIDS_MAX]; /* number of a kept text + 1, by mailbox */
        uint64_t highest_modseq[2]; /* that anybody has ever seen, by mailbox */
        uint32_t n_kept;
        uint32_t n_conflicts, n_errors;
} Shared;

static const char *const box_names[2] = { "INBOX", "INBOX/B" };

static uint32_t number_of(Mailbox *box, uint32_t uid) {
        _cleanup_free_ char *text = message_text(box, uid);
        unsigned number;

        return sscanf(text, "keep %u\n", &number) == 1 ? number + 1 : 0;
}

/* What somebody has been told is true for everybody who looks afterwards. */
static void look_at_modseq(Mailbox *box, int which, Shared *shared) {
        uint64_t before = __atomic_load_n(&shared->highest_modseq[which], __ATOMIC_SEQ_CST), now;

        if (mailbox_refresh(box, true, NULL) != STORE_DONE)
                shared->n_errors++;
        now = mailbox_highest_modseq(box);
        if (now < before)
                shared->n_conflicts++;
        while (now > before && !__atomic_compare_exchange_n(&shared->highest_modseq[which], &before, now, false,
                                                            __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
                ;
}

static void look_at_all(Mailbox *box, int which, Shared *shared) {
        for (size_t i = 0; i < mailbox_n_messages(box); i++) {
                MessageRecord record;
                uint32_t number, before = 0;

                mailbox_message_at(box, i, &record);
                if (record.modseq > mailbox_highest_modseq(box))
                        shared->n_conflicts++;
                number = record.gone ? 0 : number_of(box, record.uid);
                if (number == 0 || record.uid >= UIDS_MAX)
                        continue;
                if (!__atomic_compare_exchange_n(&shared->text_of_uid[which][record.uid], &before, number, false,
                                                 __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) && before != number)
                        shared->n_conflicts++;
        }
}

static void act(Fixture *fixture, Mailbox *box, int which, Shared *shared, unsigned random) {
        uint32_t uid = 1 + random / 64 % (mailbox_uidnext(box) + 1), kept;
        _cleanup_(copy_result_done) CopyResult result = { 0 };
        _cleanup_free_ char *text = NULL;
        int r = STORE_DONE;

        switch (random % 8) {
        case 0:
                kept = __atomic_fetch_add(&shared->n_kept, 1, __ATOMIC_SEQ_CST);
                text = text_printf("keep %u\r\n", kept);
                if (kept < N_KEPT)
                        append_text(fixture, box_names[which], text, 0);
                break;
        case 1:
                append_text(fixture, box_names[which], "drop\r\n", FLAG_DELETED);
                break;
        case 2:
                r = store_flags(box, uid, uid + 2, FLAGS_ADD, FLAG_SEEN, random & 64 ? "a" : "b");
                break;
        case 3:
                r = store_flags(box, uid, uid, FLAGS_REMOVE, FLAG_SEEN, "a");
                break;
        case 4:
                r = mailbox_expunge(box, NULL);
                break;
        case 5:
                r = mailbox_move(box, uids(uid, uid + 1), box_names[!which], &result);
                break;
        default:
                r = mailbox_refresh(box, random & 64, NULL);
        }
        if (r != STORE_DONE)
                shared->n_errors++;
}

static void work(const Fixture *parent, Shared *shared, unsigned seed) {
        uint64_t end = clock_monotonic_usec() + RUN_MSEC * USEC_PER_MSEC;
        Fixture fixture = { 0 };
        Mailbox *boxes[2];

        memcpy(fixture.path, parent->path, sizeof(fixture.path));
        fixture_reopen(&fixture);
        for (int i = 0; i < 2; i++)
                boxes[i] = open_box(&fixture, box_names[i], MAILBOX_READ_WRITE);
        while (clock_monotonic_usec() < end) {
                int which;

                seed = seed * 1103515245 + 12345;
                which = seed >> 30 & 1;
                act(&fixture, boxes[which], which, shared, seed >> 8 & 0xfffff);
                if ((seed >> 20) % 8 == 2)
                        look_at_modseq(boxes[which], which, shared);
                if ((seed >> 20) % 16 == 0)
                        look_at_all(boxes[which], which, shared);
                if ((seed >> 20) % 64 == 1) {
                        mailbox_close(boxes[which]);
                        boxes[which] = open_box(&fixture, box_names[which], MAILBOX_READ_WRITE);
                }
        }
        mailbox_close(boxes[0]);
        mailbox_close(boxes[1]);
        store_close(fixture.store);
}

/* Delivers into new/ and changes flags by renaming in cur/, without any lock. */
static void disturb(const Fixture *fixture, Shared *shared) {
        uint64_t end = clock_monotonic_usec() + RUN_MSEC * USEC_PER_MSEC;
        _cleanup_free_ char *cur = fixture_path(fixture, "cur");

        for (unsigned i = 0; clock_monotonic_usec() < end; i++) {
                _cleanup_free_ char *name = text_printf("new/%u.deliver", 1900000000 + i), *text = NULL;
                uint32_t kept = __atomic_fetch_add(&shared->n_kept, 1, __ATOMIC_SEQ_CST);
                DIR *dir = opendir(cur);

                text = text_printf("keep %u\n", kept);
                if (kept < N_KEPT) {
                        put_file(fixture, "tmp/delivering", text);
                        move_file(fixture, "tmp/delivering", name);
                }
                for (struct dirent *entry; dir && (entry = readdir(dir));) {
                        _cleanup_free_ char *from = text_printf("%s/%s", cur, entry->d_name);
                        _cleanup_free_ char *to = text_printf("%s/%.*s:2,%s", cur, (int) strcspn(entry->d_name, ":"),
                                                              entry->d_name, i % 2 ? "F" : "");

                        if (strstr(entry->d_name, ".deliver") && !strchr(entry->d_name, 'T') && i % 8 == 0)
                                (void) !rename(from, to); /* somebody else may have been faster */
                }
                if (dir)
                        closedir(dir);
                usleep(3000);
        }
}

static void count_kept(Fixture *fixture, const Shared *shared) {
        uint32_t n_seen[N_KEPT] = { 0 }, n_wrong = 0;

        for (int i = 0; i < 2; i++) {
                _cleanup_(mailbox_closep) Mailbox *box = open_box(fixture, box_names[i], MAILBOX_READ_WRITE);

                for (size_t k = 0; k < mailbox_n_messages(box); k++) {
                        MessageRecord record;
                        uint32_t number;

                        mailbox_message_at(box, k, &record);
                        number = number_of(box, record.uid);
                        if (number > 0 && number <= N_KEPT)
                                n_seen[number - 1]++;
                        if (number > 0 && record.uid < UIDS_MAX && shared->text_of_uid[i][record.uid] != 0 &&
                            shared->text_of_uid[i][record.uid] != number)
                                n_wrong++;
                }
        }
        CHECK_NUMBER(n_wrong, 0);
        for (uint32_t i = 0; i < MIN(shared->n_kept, (uint32_t) N_KEPT); i++)
                if (n_seen[i] != 1) {
                        printf("# message %u is there %u times\n", i, n_seen[i]);
                        CHECK_NUMBER(n_seen[i], 1);
                }
}

TEST("no message is lost, doubled or renumbered under many hands") {
        _cleanup_fixture_ Fixture fixture;
        Shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        int status;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/B"), STORE_DONE);
        for (unsigned i = 0; i <= N_WORKERS; i++) {
                pid_t child = fork();

                if (child == 0) {
                        if (i < N_WORKERS)
                                work(&fixture, shared, i + 1);
                        else
                                disturb(&fixture, shared);
                        _exit(unit_failed);
                }
        }
        for (unsigned i = 0; i <= N_WORKERS; i++)
                CHECK(wait(&status) > 0 && status == 0);
        CHECK_NUMBER(shared->n_conflicts, 0);
        CHECK_NUMBER(shared->n_errors, 0);
        printf("# %u messages that nobody may delete\n", MIN(shared->n_kept, (uint32_t) N_KEPT));
        count_kept(&fixture, shared);
        CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
        munmap(shared, sizeof(*shared));
}

TESTS_END
