/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emptying the trash. */
#include "store/purge.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "basic/fd.h"
#include "basic/log.h"
#include "basic/text.h"
#include "store/store-private.h"
#include "store/store.h"

enum { SEC_PER_DAY = 24 * 60 * 60 };

void purge_rules_done(PurgeRules *rules) {
        for (size_t i = 0; i < rules->n_rules; i++)
                free(rules->rules[i].folder);
        free(rules->rules);
        *rules = (PurgeRules){ 0 };
}

/* As far as it is a number; 1 for what is none. */
static unsigned parse_days(const char *text, size_t size) {
        unsigned days = 0;

        for (size_t i = 0; i < size && char_is_digit(text[i]); i++)
                days = MIN(days * 10 + (unsigned) (text[i] - '0'), (unsigned) PURGE_DAYS_MAX);
        return MAX(days, 1u);
}

static void add(PurgeRules *rules, char *folder, unsigned days) {
        GROW(rules->rules, rules->n_rules, rules->n_allocated);
        rules->rules[rules->n_rules++] = (PurgeRule){ folder, days };
}

static void parse_element(const char *text, size_t size, PurgeRules *rules) {
        const char *colon = memchr(text, ':', size);
        size_t name_size = colon ? (size_t) (colon - text) : 0;

        if (name_size > 0 && rules->n_rules < PURGE_RULES_MAX)
                add(rules, text_dup_range(text, name_size),
                    parse_days(colon + 1, size - name_size - 1));
}

void purge_rules_parse(const char *text, const char *trash, PurgeRules *ret_rules) {
        text += strspn(text, " \t");
        if (!strpbrk(text, ":,") && text[0] != '\0') {
                add(ret_rules, text_dup(trash), parse_days(text, strlen(text)));
                return;
        }
        while (text[0] != '\0') {
                size_t size = strcspn(text, ", \t");

                parse_element(text, size, ret_rules);
                text += size;
                text += strspn(text, ", \t");
        }
}

static bool is_too_old(Mailbox *box, size_t position, int64_t before_sec) {
        _cleanup_free_ char *name = mailbox_file_name(box, position);
        struct stat st;

        return disk_stat(box->folder.cur_fd, name, &st) == DISK_DONE &&
               st.st_ctim.tv_sec < before_sec;
}

static int purge(MailStore *store, const char *name, int64_t before_sec, uint64_t *ret_n) {
        _cleanup_(mailbox_closep) Mailbox *box = NULL;
        _cleanup_number_set_ NumberSet uids = { 0 };
        int r = mailbox_open(store, name, MAILBOX_READ_WRITE, &box);

        if (r != STORE_DONE)
                return r;
        for (size_t i = 0; i < mailbox_n_messages(box); i++) {
                MessageRecord record;

                if (!is_too_old(box, i, before_sec))
                        continue;
                mailbox_message_at(box, i, &record);
                number_set_add(&uids, record.uid, record.uid);
        }
        *ret_n = number_set_count(&uids);
        return *ret_n > 0 ? mailbox_remove(box, &uids) : STORE_DONE;
}

static bool is_missing(int outcome) {
        return outcome == STORE_NO_SUCH_MAILBOX || outcome == STORE_INVALID_NAME;
}

/* The time of a file says when that was; whoever cannot write it looks each time. */
static bool was_done_lately(MailStore *store, int64_t now_sec) {
        struct stat st;
        bool is_there = disk_stat(store->root_fd, PURGE_FILE_NAME, &st) == DISK_DONE;
        int fd = -EBADF;

        if (is_there && st.st_mtim.tv_sec <= now_sec &&
            st.st_mtim.tv_sec + PURGE_PAUSE_SEC > now_sec)
                return true;
        if (disk_open(store->root_fd, PURGE_FILE_NAME, O_WRONLY | O_CREAT, 0600, &fd) == DISK_DONE)
                (void) futimens(fd, NULL); /* or the next session looks again */
        fd = fd_close(fd);
        return false;
}

void store_purge(MailStore *store, const PurgeRules *rules, int64_t now_sec) {
        if (rules->n_rules == 0 || was_done_lately(store, now_sec))
                return;
        for (size_t i = 0; i < rules->n_rules; i++) {
                const PurgeRule *rule = &rules->rules[i];
                int64_t before_sec = now_sec - (int64_t) rule->days * SEC_PER_DAY;
                _cleanup_free_ char *name = text_printf("INBOX/%s", rule->folder);
                uint64_t n = 0;
                int r;

                for (char *c = name; *c; c++)
                        if (*c == '.')
                                *c = '/';
                r = purge(store, name, before_sec, &n);
                if (r == STORE_DONE && n > 0)
                        log_report(LOG_INFO, "Removed %llu messages older than %u days from "
                                   "mailbox '%s' (IMAP_EMPTYTRASH).", (unsigned long long) n,
                                   rule->days, name);
                else if (r != STORE_DONE && !is_missing(r))
                        log_report(LOG_WARNING, "Messages older than %u days stay in mailbox "
                                   "'%s': it cannot be changed.", rule->days, name);
        }
}
