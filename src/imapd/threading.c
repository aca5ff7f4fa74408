/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers the texts of messages, and links messages by their references (step 1). */
#include "imapd/threading.h"

#include <string.h>

static const char *const algorithm_names[_THREAD_ALGORITHM_MAX] = {
        [THREAD_ORDEREDSUBJECT] = "ORDEREDSUBJECT",
        [THREAD_REFERENCES]     = "REFERENCES",
        [THREAD_REFS]           = "REFS",
};
DEFINE_NAMES(thread_algorithm, ThreadAlgorithm, algorithm_names);

void threading_init(Threading *threading, ThreadAlgorithm algorithm) {
        *threading = (Threading){ .algorithm = algorithm };
        text_table_init(&threading->subjects);
        text_table_init(&threading->ids);
}

void threading_done(Threading *threading) {
        text_table_done(&threading->subjects);
        text_table_done(&threading->ids);
        thread_links_done(&threading->links);
        free(threading->messages);
        free(threading->holders);
        *threading = (Threading){ 0 };
}

size_t threading_octets(const Threading *threading) {
        return threading->subjects.size_octets + threading->ids.size_octets +
               threading->links.n_allocated * sizeof(ThreadLink) +
               threading->n_allocated * sizeof(ThreadMessage);
}

/* Makes room for what is known of IDs. */
static uint32_t reach(Threading *threading, uint32_t id) {
        thread_links_reach(&threading->links, id);
        if (id >= threading->n_holders) {
                size_t n = threading->links.n_allocated;

                threading->holders = memory_resize(threading->holders, n, sizeof(uint32_t));
                memset(threading->holders + threading->n_holders, 0,
                       (n - threading->n_holders) * sizeof(uint32_t));
                threading->n_holders = n;
        }
        return id;
}

static uint32_t number_of(Threading *threading, const ThreadText *id) {
        return reach(threading, text_table_add(&threading->ids, id->text, id->size));
}

/* The first message with an ID has it, others and those without one have one of their own. */
static uint32_t own_id(Threading *threading, uint32_t message, const ThreadText *id) {
        uint32_t number = id->size > 0 ? number_of(threading, id) : 0;

        if (number == 0 || threading->holders[number] != 0)
                number = reach(threading, text_table_add_nameless(&threading->ids));
        threading->holders[number] = message;
        return number;
}

/*
 * (1)(A): each reference is the parent of the next, unless that has one already. (1)(B): the last
 * one is the parent of the message, whatever a message before has said of it.
 */
static void link_message(Threading *threading, uint32_t message, ThreadValue *value) {
        ThreadLinks *links = &threading->links;
        uint32_t last = 0;
        ThreadText id;

        while (thread_value_next(value, &id)) {
                uint32_t number = number_of(threading, &id);

                if (last && thread_links_parent(links, number) == 0)
                        thread_links_set(links, number, last);
                last = number;
        }
        if (thread_links_parent(links, message) == last)
                return;
        thread_links_cut(links, message);
        if (last)
                thread_links_set(links, message, last);
}

void threading_add(Threading *threading, int64_t date_sec, ThreadValue *value) {
        ThreadMessage message = { .date_sec = date_sec, .is_reply = value->is_reply };
        uint32_t number = (uint32_t) ++threading->n_messages;

        if (threading->algorithm != THREAD_REFS && value->subject.size > 0)
                message.subject = text_table_add(&threading->subjects, value->subject.text,
                                                 value->subject.size);
        if (threading->algorithm != THREAD_ORDEREDSUBJECT) {
                message.id = own_id(threading, number, &value->id);
                link_message(threading, message.id, value);
        }
        GROW(threading->messages, number, threading->n_allocated);
        threading->messages[number] = message;
}

typedef struct DatedMessage {
        int64_t date_sec;
        uint32_t message;
} DatedMessage;

static int by_date(const void *a, const void *b) {
        const DatedMessage *left = a, *right = b;

        if (left->date_sec != right->date_sec)
                return left->date_sec < right->date_sec ? -1 : 1;
        return (left->message > right->message) - (left->message < right->message);
}

/* All messages by date; those of one second as the mailbox has them. */
static uint32_t *order_by_date(const Threading *threading) {
        DatedMessage *dated = make_array(DatedMessage, threading->n_messages + 1);
        uint32_t *order = make_array(uint32_t, threading->n_messages + 1);

        for (size_t i = 0; i < threading->n_messages; i++)
                dated[i] = (DatedMessage){ threading->messages[i + 1].date_sec, (uint32_t) i + 1 };
        qsort(dated, threading->n_messages, sizeof(*dated), by_date);
        for (size_t i = 0; i < threading->n_messages; i++)
                order[i] = dated[i].message;
        free(dated);
        return order;
}

void threading_finish(const Threading *threading, ThreadTree *ret_tree) {
        _cleanup_free_ uint32_t *order = order_by_date(threading);
        size_t n_dummies = threading->algorithm == THREAD_ORDEREDSUBJECT
                                   ? 0
                                   : threading->links.n_nodes + threading->n_messages;

        thread_tree_init(ret_tree, threading->n_messages, n_dummies);
        if (threading->algorithm == THREAD_ORDEREDSUBJECT)
                thread_by_subject(threading, order, ret_tree);
        else
                thread_by_references(threading, order, ret_tree);
}
