/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One message against a search plan. Steps stand in ascending cost, so the first answer that
 * decides spares the dear ones; the file is opened when the first key asks for it.
 */
#include <string.h>

#include "imapd/local-zone.h"
#include "imapd/message-fields.h"
#include "imapd/message-header.h"
#include "imapd/search-plan.h"
#include "mime/date.h"
#include "store/mailbox.h"
#include "store/message.h"
#include "store/search-needle.h"

typedef struct SearchTarget {
        ImapSession *session;
        size_t position;
        MessageRecord record;
        Message *message; /* owned; NULL until a key asks for content */
        Buffer fields;    /* header lines that a key looks at */
        bool is_lost;     /* gone or unreadable: matches nothing */
} SearchTarget;

static void target_done(SearchTarget *target) {
        (void) message_close(target->message); /* returns NULL */
        buffer_done(&target->fields);
}

/* Notes when something could not be had. Return: it could. */
static bool got(SearchTarget *target, int r) {
        target->is_lost |= r != STORE_DONE;
        return r == STORE_DONE;
}

static bool open_message(SearchTarget *target) {
        if (target->message)
                return true;
        return got(target, message_open(target->session->mailbox, target->record.uid,
                                        &target->message));
}

/* The lines of the field that a key looks at, into target->fields. False when it is lost. */
static bool find_fields(SearchTarget *target, const SearchStep *step) {
        return got(target, message_fields_find(target->session, target->position, step->fields,
                                               &target->message, &target->fields));
}

static bool has_field(SearchTarget *target, const SearchStep *step) {
        return find_fields(target, step) &&
               search_needle_in_fields(step->text, target->fields.data, target->fields.size,
                                       step->node->field);
}

static bool has_text(SearchTarget *target, const SearchStep *step) {
        MessageScope scope = step->node->kind == SEARCH_BODY ? MESSAGE_SCOPE_BODY
                                                             : MESSAGE_SCOPE_TEXT;
        bool matches = false;

        return open_message(target) &&
               got(target, message_matches(target->message, scope, step->text, &matches)) &&
               matches;
}

/* The day that the Date: header names, "disregarding time and timezone": as it is written. */
static bool find_sent_day(SearchTarget *target, const SearchStep *step, int64_t *ret_day) {
        _cleanup_free_ char *date = NULL;
        int16_t zone_minutes;
        int64_t sec;

        if (!find_fields(target, step))
                return false;
        date = header_first_field(target->fields.data, target->fields.size, "Date");
        if (!date || !mime_date_parse(date, strlen(date), &sec, &zone_minutes))
                return false;
        *ret_day = zone_day(sec, zone_minutes);
        return true;
}

static bool was_sent(SearchTarget *target, const SearchStep *step) {
        const SearchNode *node = step->node;
        int64_t day;

        if (!find_sent_day(target, step, &day))
                return false;
        return node->kind == SEARCH_SENT_BEFORE ? day < node->day
               : node->kind == SEARCH_SENT_ON   ? day == node->day
                                                : day >= node->day;
}

static bool has_come(SearchTarget *target, const SearchNode *node) {
        int64_t sec, day;

        if (!got(target, mailbox_internal_date(target->session->mailbox, target->position, &sec)))
                return false;
        day = local_day(sec);
        return node->kind == SEARCH_BEFORE ? day < node->day
               : node->kind == SEARCH_ON   ? day == node->day
                                           : day >= node->day;
}

/* Where it is not known the internal date stands for it (RFC 8514, section 4.3). */
static bool was_saved(SearchTarget *target, const SearchNode *node) {
        int64_t sec = target->record.save_date_sec, day;

        if (sec == 0 &&
            !got(target, mailbox_internal_date(target->session->mailbox, target->position, &sec)))
                return false;
        day = local_day(sec);
        return node->kind == SEARCH_SAVED_BEFORE ? day < node->day
               : node->kind == SEARCH_SAVED_ON   ? day == node->day
                                                 : day >= node->day;
}

/* At the limit it is both (RFC 5032, section 3). */
static bool has_age(SearchTarget *target, const SearchStep *step) {
        int64_t sec;

        if (!got(target, mailbox_internal_date(target->session->mailbox, target->position, &sec)))
                return false;
        return step->node->kind == SEARCH_OLDER ? sec <= step->limit_sec : sec >= step->limit_sec;
}

static bool has_size(SearchTarget *target, const SearchNode *node) {
        uint64_t size;

        if (!got(target, mailbox_wire_size(target->session->mailbox, target->position, &size)))
                return false;
        return node->kind == SEARCH_LARGER ? size > node->size : size < node->size;
}

static bool has_flag(const SearchTarget *target, const SearchNode *node) {
        if (node->flag == FLAG_RECENT)
                return target->record.recent;
        return target->record.flags & node->flag;
}

static bool matches_key(SearchTarget *target, const SearchStep *step) {
        switch (step->node->kind) {
        case SEARCH_SEQUENCE:
        case SEARCH_UID:
                return number_set_has(&step->numbers, (uint32_t) target->position + 1);
        case SEARCH_FLAG:
                return has_flag(target, step->node);
        case SEARCH_KEYWORD:
                return step->has_keyword &&
                       message_record_has_keyword(&target->record, step->keyword);
        case SEARCH_LARGER:
        case SEARCH_SMALLER:
                return has_size(target, step->node);
        case SEARCH_SAVED_BEFORE:
        case SEARCH_SAVED_ON:
        case SEARCH_SAVED_SINCE:
                return was_saved(target, step->node);
        case SEARCH_EMAILID:
                return target->record.email_id == step->email_id;
        case SEARCH_THREADID:
                return false; /* no message has one */
        case SEARCH_OLDER:
        case SEARCH_YOUNGER:
                return has_age(target, step);
        case SEARCH_MODSEQ:
                return target->record.modseq >= step->node->size;
        case SEARCH_BEFORE:
        case SEARCH_ON:
        case SEARCH_SINCE:
                return has_come(target, step->node);
        case SEARCH_SENT_BEFORE:
        case SEARCH_SENT_ON:
        case SEARCH_SENT_SINCE:
                return was_sent(target, step);
        case SEARCH_HEADER:
                return has_field(target, step);
        case SEARCH_BODY:
        case SEARCH_TEXT:
                return has_text(target, step);
        default:
                return true; /* ALL */
        }
}

static bool matches(SearchTarget *target, const SearchStep *step) {
        switch (step->node->kind) {
        case SEARCH_AND:
                for (size_t i = 0; i < step->n_children; i++)
                        if (!matches(target, &step->children[i]))
                                return false;
                return true;
        case SEARCH_OR:
                for (size_t i = 0; i < step->n_children; i++)
                        if (matches(target, &step->children[i]))
                                return true;
                return false;
        case SEARCH_NOT:
                return !matches(target, &step->children[0]);
        default:
                return matches_key(target, step);
        }
}

bool search_plan_matches(const SearchStep *root, ImapSession *session, size_t position) {
        _cleanup_(target_done) SearchTarget target = { .session = session, .position = position };
        bool found;

        mailbox_message_at(session->mailbox, position, &target.record);
        found = matches(&target, root);
        return found && !target.is_lost;
}
