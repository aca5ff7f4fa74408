/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tree of siblings, and its text. */
#include "imapd/thread-tree.h"

#include "basic/memory.h"

void thread_tree_init(ThreadTree *tree, size_t n_messages, size_t n_dummies) {
        size_t n_nodes = n_messages + n_dummies + 1;

        *tree = (ThreadTree){ .nodes = make_array(ThreadNode, n_nodes), .n_nodes = n_nodes,
                              .n_messages = n_messages };
}

void thread_tree_done(ThreadTree *tree) {
        free(tree->nodes);
        *tree = (ThreadTree){ 0 };
}

void thread_tree_append(ThreadTree *tree, uint32_t parent, uint32_t child) {
        ThreadNode *above = &tree->nodes[parent];

        if (above->last_child)
                tree->nodes[above->last_child].next = child;
        else
                above->first_child = child;
        above->last_child = child;
}

typedef struct ThreadWriter {
        const ThreadTree *tree;
        ThreadName name;
        ThreadPause pause;
        void *userdata;
        Buffer *out;
        uint32_t *open; /* owned; of each list that is open, its next thread, 0 at its end */
        size_t n_open, n_allocated;
} ThreadWriter;

/* Begins a thread of a list, whose next one is remembered. */
static uint32_t open_thread(ThreadWriter *writer, uint32_t node) {
        buffer_append_char(writer->out, '(');
        GROW(writer->open, writer->n_open, writer->n_allocated);
        writer->open[writer->n_open++] = writer->tree->nodes[node].next;
        return node;
}

/* Behind the last message of a thread. Return: the message that follows; 0: nothing does. */
static uint32_t close_threads(ThreadWriter *writer) {
        buffer_append_char(writer->out, ')');
        while (writer->n_open > 0) {
                uint32_t next = writer->open[--writer->n_open];

                if (next)
                        return open_thread(writer, next);
                if (writer->n_open > 0)
                        buffer_append_char(writer->out, ')');
        }
        return 0;
}

/* Only children follow in the same list, siblings in lists of their own. */
static uint32_t write_node(ThreadWriter *writer, uint32_t node) {
        const ThreadTree *tree = writer->tree;
        uint32_t child = tree->nodes[node].first_child;
        bool is_message = node <= tree->n_messages;

        if (is_message)
                buffer_append_number(writer->out, writer->name(writer->userdata, node));
        if (child == 0)
                return close_threads(writer);
        if (is_message)
                buffer_append_char(writer->out, ' ');
        if (is_message && tree->nodes[child].next == 0)
                return child;
        return open_thread(writer, child);
}

int thread_tree_write(const ThreadTree *tree, ThreadName name, ThreadPause pause, void *userdata,
                      Buffer *out) {
        ThreadWriter writer = { .tree = tree, .name = name, .pause = pause, .userdata = userdata,
                                .out = out };
        uint32_t node = tree->nodes[0].first_child;
        int r = 0;

        if (node)
                node = open_thread(&writer, node);
        while (node && r == 0) {
                node = write_node(&writer, node);
                r = writer.pause(userdata);
        }
        free(writer.open);
        return r;
}
