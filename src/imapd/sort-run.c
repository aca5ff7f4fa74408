/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of values, one a key; each becomes ranks, and the ranks an order. */
#include "imapd/sort-run.h"

#include <string.h>

#include "imap-proto/imap-limits.h"
#include "imapd/message-fields.h"
#include "imapd/sent-date.h"
#include "imapd/sort-value.h"
#include "store/mailbox.h"
#include "store/message.h"
#include "stream/client-stream.h"

typedef struct SortRun {
        ImapSession *session;
        const SortProgram *program;
        const SearchFound *found;
        CachedFields *fields; /* owned; NULL when no key needs a header */
        SortValue *columns[_SORT_FIELD_MAX]; /* owned; by number of the key */
        Arena texts;
        size_t texts_size;
        Buffer header, text; /* of the message that is looked at */
} SortRun;

static void run_done(SortRun *run) {
        for (size_t i = 0; i < run->program->n_keys; i++)
                free(run->columns[i]);
        (void) cached_fields_free(run->fields); /* returns NULL */
        arena_done(&run->texts);
        buffer_done(&run->header);
        buffer_done(&run->text);
}

static void run_init(SortRun *run) {
        const char *names[_SORT_FIELD_MAX];
        size_t n_names = 0;

        for (size_t i = 0; i < run->program->n_keys; i++) {
                const char *name = sort_field_header(run->program->keys[i].field);

                run->columns[i] = make_array(SortValue, run->found->n_numbers + 1);
                if (name)
                        names[n_names++] = name;
        }
        if (n_names > 0)
                run->fields = cached_fields_new(run->session->store, names, n_names);
}

static SortValue value_of(SortRun *run, SortField field, size_t position) {
        Mailbox *box = run->session->mailbox;
        int64_t sec = 0;
        uint64_t size = 0;

        switch (field) {
        case SORT_ARRIVAL:
                (void) mailbox_internal_date(box, position, &sec); /* of what is gone it is 0 */
                return sort_value_number(sec);
        case SORT_DATE:
                return sort_value_number(sent_date(run->session, position, run->header.data,
                                                   run->header.size));
        case SORT_SIZE:
                (void) mailbox_wire_size(box, position, &size); /* of what is gone it is 0 */
                return sort_value_number((int64_t) size);
        default:
                buffer_clear(&run->text);
                sort_field_append(field, run->header.data, run->header.size, &run->text);
                run->texts_size += MIN(run->text.size, (size_t) IMAP_SORT_TEXT_MAX);
                return sort_value_text(run->text.data, run->text.size, &run->texts);
        }
}

static void fill_row(SortRun *run, size_t row) {
        size_t position = run->found->numbers[row] - 1;
        _cleanup_(message_closep) Message *message = NULL;

        buffer_clear(&run->header);
        if (run->fields && message_fields_find(run->session, position, run->fields, &message,
                                               &run->header) != STORE_DONE)
                buffer_clear(&run->header);
        for (size_t i = 0; i < run->program->n_keys; i++) {
                run->columns[i][row] = value_of(run, run->program->keys[i].field, position);
                run->columns[i][row].row = (uint32_t) row;
        }
}

static int fill(SortRun *run) {
        for (size_t row = 0; row < run->found->n_numbers; row++) {
                if (client_stream_stops_loop(run->session->stream))
                        return imap_session_gone(run->session, STREAM_STOPPED);
                if (run->texts_size > IMAP_SORT_OCTETS_MAX)
                        return SORT_TOO_LARGE;
                fill_row(run, row);
        }
        return 0;
}

/* The least important key first: each of the following keeps what it leaves undecided. */
static void order(SortRun *run, uint32_t *rows) {
        size_t n = run->found->n_numbers;
        uint32_t *ranks = make_array(uint32_t, n + 1);

        for (size_t row = 0; row < n; row++)
                rows[row] = (uint32_t) row;
        for (size_t i = run->program->n_keys; i-- > 0;) {
                sort_rank(run->columns[i], n, ranks);
                sort_order_by(rows, n, ranks, run->program->keys[i].is_reversed);
        }
        free(ranks);
}

int sort_run(ImapSession *session, const SortProgram *program, SearchFound *found) {
        _cleanup_(run_done) SortRun run = { .session = session, .program = program,
                                            .found = found };
        _cleanup_free_ uint32_t *rows = NULL;
        int r;

        run_init(&run);
        r = fill(&run);
        if (r != 0)
                return r;
        rows = make_array(uint32_t, found->n_numbers + 1);
        order(&run, rows);
        for (size_t i = 0; i < found->n_numbers; i++)
                rows[i] = found->numbers[rows[i]];
        if (found->n_numbers > 0)
                memcpy(found->numbers, rows, found->n_numbers * sizeof(*rows));
        return 0;
}
