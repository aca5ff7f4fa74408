/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the store takes with a mailbox of many messages: bench-store [messages [directory]]. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "basic/clock.h"
#include "basic/disk.h"
#include "basic/fd.h"
#include "basic/text.h"
#include "store/append.h"
#include "store/mailbox.h"
#include "store/store.h"

static uint64_t started_usec;

static void start(void) {
        started_usec = clock_monotonic_usec();
}

static void stop(const char *what) {
        printf("%10.3f ms  %s\n", (double) (clock_monotonic_usec() - started_usec) / 1000, what);
        fflush(stdout);
}

/* Memory that is no file's. */
static long private_kib(void) {
        FILE *file = fopen("/proc/self/smaps_rollup", "re");
        char line[200];
        long kib = -1;

        while (file && fgets(line, sizeof(line), file))
                if (sscanf(line, "Anonymous: %ld", &kib) == 1)
                        break;
        if (file)
                (void) fclose(file);
        return kib;
}

static void must(int outcome, const char *what) {
        if (outcome == 0)
                return;
        fprintf(stderr, "%s: outcome %d\n", what, outcome);
        exit(1);
}

static void deliver(const char *path, const char *directory, unsigned number) {
        _cleanup_free_ char *name = text_printf("%s/%s/17%08u.M1P1V000000000000FE00I00000000000%05X.mail.example.com,"
                                                "S=41%s", path, directory, number, number,
                                                text_equal(directory, "cur") ? ":2,S" : "");
        _cleanup_close_ int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

        must(fd < 0 || fd_write_all(fd, "From: ann@example.com\nSubject: x\n\nhello\n", 41 - 1) < 0, name);
}

static Mailbox *open_box(MailStore *store, const char *name) {
        Mailbox *box = NULL;

        must(mailbox_open(store, name, MAILBOX_READ_WRITE, &box), name);
        return box;
}

static void refresh(Mailbox *box) {
        must(mailbox_refresh(box, true, NULL), "refresh");
}

static const NumberSet *first(uint32_t n) {
        static NumberRange range;
        static NumberSet set = { .ranges = &range, .n_ranges = 1 };

        range = (NumberRange){ 1, n };
        return &set;
}

static const FlagsWanted *adding(MessageFlags flags) {
        static FlagsWanted wanted;

        wanted = (FlagsWanted){ .change = FLAGS_ADD, .flags = flags };
        return &wanted;
}

static void append_one(MailStore *store) {
        _cleanup_(append_freep) Append *append = NULL;
        AppendResult result = { 0 };

        must(append_begin(store, "INBOX", &append), "append");
        must(append_write(append, "A: b\r\n\r\nx\r\n", 11), "append");
        must(append_message_done(append, 0, NULL, 0, APPEND_DATE_NOW), "append");
        must(append_commit(append, &result), "append");
        append_result_done(&result);
}

static void run(MailStore *store, const char *path, unsigned n) {
        Mailbox *box, *other;
        CopyResult result = { 0 };
        long before_kib;

        start(), box = open_box(store, "INBOX"), stop("first open: number all, write the index and Courier's file");
        start(), mailbox_close(box), stop("close");
        start(), box = open_box(store, "INBOX"), stop("open again, directories changed just now: list them");
        mailbox_close(box);
        sleep(1);
        mailbox_close(open_box(store, "INBOX"));
        before_kib = private_kib();
        start(), box = open_box(store, "INBOX"), stop("open again, nothing changed");
        printf("%10ld KiB private memory for it\n", private_kib() - before_kib);
        other = open_box(store, "INBOX");
        start();
        for (int i = 0; i < 1000; i++)
                refresh(box);
        stop("1,000 refreshes, nothing changed");
        deliver(path, "new", 90000001);
        start(), refresh(box), stop("refresh with one message delivered");
        start(), refresh(other), stop("the same in a second session");
        start(), must(mailbox_store_flags(box, first(1), adding(FLAG_FLAGGED), NULL, NULL), "flags");
        stop("flag one message");
        start(), must(mailbox_store_flags(box, first(n), adding(FLAG_ANSWERED), NULL, NULL), "flags");
        stop("flag all messages");
        start(), refresh(other), stop("a second session sees it");
        start(), append_one(store), stop("append one message (three fsync)");
        must(store_create_mailbox(store, "INBOX/T"), "create");
        start(), must(mailbox_copy(box, first(1000), "INBOX/T", &result), "copy"), stop("copy 1,000 messages");
        copy_result_done(&result);
        start(), must(mailbox_move(box, first(1000), "INBOX/T", &result), "move"), stop("move 1,000 messages");
        copy_result_done(&result);
        must(mailbox_store_flags(box, first(n), adding(FLAG_DELETED), NULL, NULL), "flags");
        start(), must(mailbox_expunge(box, NULL), "expunge"), stop("expunge the rest");
        start(), refresh(other), stop("a second session sees it");
        mailbox_close(other);
        mailbox_close(box);
}

int main(int argc, char **argv) {
        unsigned n = argc > 1 ? (unsigned) strtoul(argv[1], NULL, 10) : 10000;
        _cleanup_free_ char *path = text_printf("%s/bench-store-XXXXXX", argc > 2 ? argv[2] : "/tmp");
        StoreSettings settings;
        MailStore *store = NULL;
        struct rusage usage;

        must(mkdtemp(path) == NULL, path);
        store_settings_read(&settings);
        must(store_open(path, &settings, &store), "open");
        for (unsigned i = 0; i < n; i++)
                deliver(path, "cur", i);
        printf("%u messages in %s\n", n, path);
        run(store, path, n);
        store_close(store);
        must(getrusage(RUSAGE_SELF, &usage), "getrusage");
        printf("%10ld KiB memory at most\n", usage.ru_maxrss);
        _cleanup_close_ int parent = open(argc > 2 ? argv[2] : "/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        must(disk_remove_tree(parent, strrchr(path, '/') + 1), "remove");
        return 0;
}
