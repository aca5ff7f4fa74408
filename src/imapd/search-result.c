/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers of SEARCH and SORT: one place, so that what else belongs into them has one place too. */
#include "imapd/search-result.h"

#include "imap-proto/imap-write.h"
#include "store/mailbox.h"

/* Results in their order, borrowed. */
typedef struct Run {
        const uint32_t *numbers;
        size_t n_numbers;
} Run;

static uint32_t name_of(ImapSession *session, uint32_t number) {
        MessageRecord record;

        if (!session->uid_command)
                return number;
        mailbox_message_at(session->mailbox, number - 1, &record);
        return record.uid;
}

/* Those that count from the end. */
static Run ends_of(const SearchFound *found) {
        return found->is_whole ? (Run){ found->numbers, found->n_numbers }
                               : (Run){ found->last, found->n_last };
}

static Run page_of(const SearchReturn *wanted, const SearchFound *found) {
        Run run = wanted->partial.from_end ? ends_of(found)
                                           : (Run){ found->numbers, found->n_numbers };
        size_t start, end;

        partial_range_slice(&wanted->partial, run.n_numbers, &start, &end);
        return (Run){ run.numbers ? run.numbers + start : NULL, end - start };
}

/* "2:4,9,7": only what ascends one by one becomes a range (RFC 5267, section 3.2). */
static int write_set(ImapSession *session, Run run) {
        ImapWriter writer = imap_session_writer(session);
        int r = 0;

        for (size_t i = 0; i < run.n_numbers && r == 0;) {
                uint32_t first = name_of(session, run.numbers[i]), last = first;

                imap_write_raw(&writer, i > 0 ? "," : "");
                imap_write_number(&writer, first);
                for (i++; i < run.n_numbers; i++, last++)
                        if (name_of(session, run.numbers[i]) != last + 1)
                                break;
                if (last > first) {
                        imap_write_raw(&writer, ":");
                        imap_write_number(&writer, last);
                }
                r = imap_session_drain(session);
        }
        return r;
}

static void write_item(ImapSession *session, const char *item, uint64_t number) {
        ImapWriter writer = imap_session_writer(session);

        imap_write_raw(&writer, item);
        imap_write_number(&writer, number);
}

static int write_page(ImapSession *session, const SearchReturn *wanted, const SearchFound *found) {
        ImapWriter writer = imap_session_writer(session);
        Run page = page_of(wanted, found);
        int r;

        imap_write_raw(&writer, " PARTIAL (");
        partial_range_append(&wanted->partial, writer.out);
        imap_write_raw(&writer, page.n_numbers > 0 ? " " : " NIL");
        r = write_set(session, page);
        imap_write_raw(&writer, ")");
        return r;
}

/* What no message matches has no MIN, MAX or ALL. */
static int write_items(ImapSession *session, const SearchReturn *wanted,
                       const SearchFound *found) {
        ImapWriter writer = imap_session_writer(session);
        Run ends = ends_of(found);
        int r = 0;

        if (wanted->options & SEARCH_RETURN_MIN && found->n_numbers > 0)
                write_item(session, " MIN ", name_of(session, found->numbers[0]));
        if (wanted->options & SEARCH_RETURN_MAX && ends.n_numbers > 0)
                write_item(session, " MAX ",
                           name_of(session, ends.numbers[ends.n_numbers - 1]));
        if (wanted->options & SEARCH_RETURN_COUNT)
                write_item(session, " COUNT ", found->n_numbers);
        if (wanted->options & SEARCH_RETURN_ALL && found->n_numbers > 0) {
                imap_write_raw(&writer, " ALL ");
                r = write_set(session, (Run){ found->numbers, found->n_numbers });
        }
        if (r == 0 && wanted->options & SEARCH_RETURN_PARTIAL)
                r = write_page(session, wanted, found);
        return r;
}

enum { RUNS_MAX = 3 };

/*
 * The messages that an answer is about: everything, or only what MIN, MAX and PARTIAL name. Those
 * are saved (RFC 5182, section 2.4), and have the modseq that is told (RFC 7162, section 3.1.10).
 */
static size_t choose_runs(const SearchReturn *wanted, const SearchFound *found,
                          Run ret_runs[RUNS_MAX]) {
        Run ends = ends_of(found);
        size_t n = 0;

        if (search_return_saves_all(wanted))
                ret_runs[n++] = (Run){ found->numbers, found->n_numbers };
        if (n > 0)
                return n;
        if (wanted->options & SEARCH_RETURN_MIN && found->n_numbers > 0)
                ret_runs[n++] = (Run){ found->numbers, 1 };
        if (wanted->options & SEARCH_RETURN_MAX && ends.n_numbers > 0)
                ret_runs[n++] = (Run){ ends.numbers + ends.n_numbers - 1, 1 };
        if (wanted->options & SEARCH_RETURN_PARTIAL)
                ret_runs[n++] = page_of(wanted, found);
        return n;
}

/* Nothing if no message is told of. */
static void write_modseq(ImapSession *session, const SearchReturn *wanted,
                         const SearchFound *found) {
        ImapWriter writer = imap_session_writer(session);
        Run runs[RUNS_MAX];
        size_t n = choose_runs(wanted, found, runs);
        uint64_t modseq = 0;
        MessageRecord record;

        for (size_t i = 0; i < n; i++)
                for (size_t k = 0; k < runs[i].n_numbers; k++) {
                        mailbox_message_at(session->mailbox, runs[i].numbers[k] - 1, &record);
                        modseq = MAX(modseq, record.modseq);
                }
        if (modseq == 0)
                return;
        write_item(session, wanted->is_extended ? " MODSEQ " : " (MODSEQ ", modseq);
        imap_write_raw(&writer, wanted->is_extended ? "" : ")");
}

/* @mailbox: NULL where nobody asks whose messages they are */
static int write_extended(ImapSession *session, const char *mailbox, const SearchReturn *wanted,
                          const SearchFound *found) {
        ImapWriter writer = imap_session_writer(session);

        imap_write_raw(&writer, "* ESEARCH (TAG ");
        imap_write_text_string(&writer, session->tag);
        if (mailbox) {
                imap_write_raw(&writer, " MAILBOX ");
                imap_write_mailbox(&writer, mailbox);
                write_item(session, " UIDVALIDITY ", mailbox_uidvalidity(session->mailbox));
        }
        imap_write_raw(&writer, session->uid_command ? ") UID" : ")");
        return write_items(session, wanted, found);
}

static int write_plain(ImapSession *session, const char *verb, const SearchFound *found) {
        ImapWriter writer = imap_session_writer(session);
        int r = 0;

        imap_write_raw(&writer, "* ");
        imap_write_raw(&writer, verb);
        for (size_t i = 0; i < found->n_numbers && r == 0; i++) {
                imap_write_raw(&writer, " ");
                imap_write_number(&writer, name_of(session, found->numbers[i]));
                r = imap_session_drain(session);
        }
        return r;
}

static void add_uids(ImapSession *session, Run run, NumberSet *target) {
        NumberRange *uids = make_array(NumberRange, run.n_numbers + 1);
        MessageRecord record;

        for (size_t i = 0; i < run.n_numbers; i++) {
                mailbox_message_at(session->mailbox, run.numbers[i] - 1, &record);
                uids[i] = (NumberRange){ record.uid, record.uid };
        }
        number_set_add_all(target, uids, run.n_numbers);
        free(uids);
}

static void save(ImapSession *session, const SearchReturn *wanted, const SearchFound *found) {
        Run runs[RUNS_MAX];
        size_t n = choose_runs(wanted, found, runs);

        number_set_done(&session->saved_uids);
        for (size_t i = 0; i < n; i++)
                add_uids(session, runs[i], &session->saved_uids);
}

static int tell(ImapSession *session, const char *verb, const char *mailbox,
                const SearchReturn *wanted, bool with_modseq, const SearchFound *found) {
        ImapWriter writer = imap_session_writer(session);
        int r;

        if (wanted->options & SEARCH_RETURN_SAVE)
                save(session, wanted, found);
        if (wanted->is_extended && !(wanted->options & SEARCH_RETURN_TOLD))
                return 0;
        r = wanted->is_extended ? write_extended(session, mailbox, wanted, found)
                                : write_plain(session, verb, found);
        if (with_modseq)
                write_modseq(session, wanted, found);
        imap_write_raw(&writer, "\r\n");
        return r;
}

int search_result_tell(ImapSession *session, const char *verb, const SearchReturn *wanted,
                       bool with_modseq, const SearchFound *found) {
        return tell(session, verb, NULL, wanted, with_modseq, found);
}

int search_result_tell_mailbox(ImapSession *session, const char *name, const SearchReturn *wanted,
                               bool with_modseq, const SearchFound *found) {
        return tell(session, NULL, name, wanted, with_modseq, found);
}

void search_result_forget(ImapSession *session, const SearchReturn *wanted) {
        if (wanted->options & SEARCH_RETURN_SAVE)
                number_set_done(&session->saved_uids);
}
