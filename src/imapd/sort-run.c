/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of values, one a key; each becomes ranks, and the ranks an order. */
#include "imapd/sort-run.h"

#include <endian.h>
#include <string.h>

#include "imap-proto/imap-limits.h"
#include "imapd/message-fields.h"
#include "imapd/progress.h"
#include "imapd/sent-date.h"
#include "imapd/sort-value.h"
#include "store/mailbox.h"
#include "store/message-values.h"
#include "store/message.h"

/* One key of all messages. */
typedef struct SortColumn {
        SortField field;
        MessageValues *kept; /* owned; NULL where the index knows it */
        SortValue *values;   /* owned */
} SortColumn;

typedef struct SortRun {
        ImapSession *session;
        const SortProgram *program;
        const SearchFound *found;
        CachedFields *fields; /* owned; NULL when no key needs a header */
        SortColumn columns[_SORT_FIELD_MAX]; /* by number of the key */
        Arena texts;
        size_t texts_size;
        Buffer text;
} SortRun;

/* The header of the message that is looked at, once it was needed. */
typedef struct SortRow {
        size_t number, position;
        Message *message;
        Buffer header;
        bool has_header;
} SortRow;

static const MessageValueKind kept_kinds[_SORT_FIELD_MAX] = {
        [SORT_CC]           = MESSAGE_VALUE_CC,
        [SORT_DATE]         = MESSAGE_VALUE_DATE,
        [SORT_DISPLAY_FROM] = MESSAGE_VALUE_DISPLAY_FROM,
        [SORT_DISPLAY_TO]   = MESSAGE_VALUE_DISPLAY_TO,
        [SORT_FROM]         = MESSAGE_VALUE_FROM,
        [SORT_SUBJECT]      = MESSAGE_VALUE_SUBJECT,
        [SORT_TO]           = MESSAGE_VALUE_TO,
};

static void run_done(SortRun *run) {
        for (size_t i = 0; i < run->program->n_keys; i++) {
                (void) message_values_free(run->columns[i].kept); /* return NULL */
                free(run->columns[i].values);
        }
        (void) cached_fields_free(run->fields);
        arena_done(&run->texts);
        buffer_done(&run->text);
}

static void run_init(SortRun *run) {
        const char *names[_SORT_FIELD_MAX];
        size_t n_names = 0;

        for (size_t i = 0; i < run->program->n_keys; i++) {
                SortField field = run->program->keys[i].field;

                run->columns[i] = (SortColumn){
                        .field = field, .values = make_array(SortValue, run->found->n_numbers + 1)
                };
                if (!sort_field_header(field))
                        continue;
                names[n_names++] = sort_field_header(field);
                run->columns[i].kept = message_values_new(run->session->mailbox,
                                                          kept_kinds[field]);
        }
        if (n_names > 0)
                run->fields = cached_fields_new(run->session->store, names, n_names);
}

/* Of a date nothing if there is none, else eight octets; of a text the octets compared. */
static void work_out(SortRun *run, SortColumn *column, SortRow *row) {
        int64_t sec;

        buffer_clear(&run->text);
        if (!row->has_header) {
                row->has_header = true;
                if (message_fields_find(run->session, row->position, run->fields, &row->message,
                                        &row->header) != STORE_DONE)
                        buffer_clear(&row->header);
        }
        if (column->field != SORT_DATE) {
                sort_field_append(column->field, row->header.data, row->header.size, &run->text);
                if (run->text.size > IMAP_SORT_TEXT_MAX)
                        buffer_truncate(&run->text, IMAP_SORT_TEXT_MAX);
        } else if (sent_date_read(row->header.data, row->header.size, &sec)) {
                sec = (int64_t) htole64((uint64_t) sec);
                buffer_append(&run->text, &sec, sizeof(sec));
        }
        message_values_put(column->kept, row->position, run->text.data, run->text.size);
}

static SortValue header_value(SortRun *run, SortColumn *column, SortRow *row) {
        const char *data;
        size_t size;
        int64_t sec = 0;

        if (!message_values_get(column->kept, row->position, &data, &size)) {
                work_out(run, column, row);
                data = run->text.data;
                size = run->text.size;
        }
        if (column->field != SORT_DATE) {
                run->texts_size += size;
                return sort_value_text(data, size, &run->texts);
        }
        if (size == sizeof(sec))
                memcpy(&sec, data, sizeof(sec));
        return sort_value_number(sent_date_or_arrival(run->session, row->position,
                                                      size == sizeof(sec),
                                                      (int64_t) le64toh((uint64_t) sec)));
}

/* Of what is gone dates and sizes are 0. */
static SortValue value_of(SortRun *run, SortColumn *column, SortRow *row) {
        int64_t sec = 0;
        uint64_t size = 0;

        switch (column->field) {
        case SORT_ARRIVAL:
                (void) mailbox_internal_date(run->session->mailbox, row->position, &sec);
                return sort_value_number(sec);
        case SORT_SIZE:
                (void) mailbox_wire_size(run->session->mailbox, row->position, &size);
                return sort_value_number((int64_t) size);
        default:
                return header_value(run, column, row);
        }
}

static void fill_row(SortRun *run, SortRow *row) {
        row->position = run->found->numbers[row->number] - 1;
        row->has_header = false;
        for (size_t i = 0; i < run->program->n_keys; i++) {
                SortColumn *column = &run->columns[i];

                column->values[row->number] = value_of(run, column, row);
                column->values[row->number].row = (uint32_t) row->number;
        }
        row->message = message_close(row->message);
}

static int fill(SortRun *run) {
        SortRow row = { 0 };
        int r = 0;

        for (; row.number < run->found->n_numbers && r == 0; row.number++) {
                r = progress_step(run->session);
                if (r == 0 && run->texts_size > IMAP_SORT_OCTETS_MAX)
                        r = SORT_TOO_LARGE;
                if (r == 0)
                        fill_row(run, &row);
        }
        buffer_done(&row.header);
        return r;
}

/* The least important key first: each of the following keeps what it leaves undecided. */
static void order(SortRun *run, uint32_t *rows) {
        size_t n = run->found->n_numbers;
        uint32_t *ranks = make_array(uint32_t, n + 1);

        for (size_t row = 0; row < n; row++)
                rows[row] = (uint32_t) row;
        for (size_t i = run->program->n_keys; i-- > 0;) {
                sort_rank(run->columns[i].values, n, ranks);
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
