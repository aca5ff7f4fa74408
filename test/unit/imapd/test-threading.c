/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "basic/buffer.h"
#include "imapd/threading.h"

/* A message: id, references, subject, date; NULL where it lacks something. */
typedef struct Mail {
        const char *id, *references, *subject;
        int64_t date_sec;
} Mail;

static void add_header(Threading *threading, int64_t date_sec, const Buffer *header) {
        _cleanup_buffer_ Buffer octets = { 0 };
        ThreadValue value;

        thread_value_build(header->data, header->size, &octets);
        CHECK(thread_value_read(octets.data, octets.size, &value));
        threading_add(threading, date_sec, &value);
}

static void add(Threading *threading, const Mail *mail) {
        _cleanup_buffer_ Buffer header = { 0 };

        if (mail->id)
                buffer_printf(&header, "Message-ID: <%s@x>\n", mail->id);
        if (mail->references)
                buffer_printf(&header, "%s\n", mail->references);
        if (mail->subject)
                buffer_printf(&header, "Subject: %s\n", mail->subject);
        add_header(threading, mail->date_sec, &header);
}

static uint32_t same(void *userdata, uint32_t node) {
        return node;
}

static int go_on(void *userdata) {
        return 0;
}

static const char *thread(ThreadAlgorithm algorithm, const Mail *mails, size_t n, Buffer *shown) {
        _cleanup_(thread_tree_done) ThreadTree tree = { 0 };
        _cleanup_(threading_done) Threading threading = { 0 };

        buffer_clear(shown);
        buffer_append(shown, "", 0);
        threading_init(&threading, algorithm);
        for (size_t i = 0; i < n; i++)
                add(&threading, &mails[i]);
        threading_finish(&threading, &tree);
        CHECK(thread_tree_write(&tree, same, go_on, NULL, shown) == 0);
        return shown->data;
}

#define CHECK_THREADS(algorithm, mails, wanted)                                                   \
        do {                                                                                      \
                _cleanup_buffer_ Buffer shown = { 0 };                                            \
                CHECK_TEXT(thread(algorithm, mails, ELEMENTSOF(mails), &shown), wanted);          \
        } while (0)

TEST("ORDEREDSUBJECT: the first of a subject is above the others, threads by date") {
        static const Mail mails[] = {
                { "1", NULL, "apple", 50 }, { "2", NULL, "Re: pear", 20 }, { "3", NULL, "pear", 40 },
                { "4", NULL, "fwd: PEAR", 30 }, { "5", NULL, "[x] apple", 60 }, { "6", NULL, "plum", 10 },
        };

        CHECK_THREADS(THREAD_ORDEREDSUBJECT, mails, "(6)(2 (4)(3))(1 5)");
}

TEST("REFERENCES: chains, branches, and In-Reply-To where References is missing") {
        static const Mail mails[] = {
                { "a", NULL, "s", 1 },
                { "b", "References: <a@x>", "s", 2 },
                { "c", "References: <a@x> <b@x>", "s", 4 },
                { "d", "In-Reply-To: <a@x> <zz@x>", "s", 3 },
                { "e", "References: nonsense\nIn-Reply-To: your mail of <b@x>", "s", 5 },
        };

        CHECK_THREADS(THREAD_REFERENCES, mails, "(1 (2 (3)(5))(4))");
        CHECK_THREADS(THREAD_REFS, mails, "(1 (2 (3)(5))(4))");
}

TEST("a parent that is not there: its only child moves up, several stay together") {
        static const Mail one[] = { { "b", "References: <a@x>", "s", 1 } };
        static const Mail two[] = {
                { "b", "References: <a@x>", "s", 2 }, { "c", "References: <a@x>", "t", 1 },
        };
        static const Mail chain[] = {
                { "d", "References: <a@x> <b@x> <c@x>", "s", 2 },
                { "e", "References: <a@x> <b@x>", "s", 1 },
        };
        static const Mail middle[] = {
                { "a", NULL, "s", 1 }, { "c", "References: <a@x> <b@x>", "s", 3 }, { "d", "References: <b@x>", "s", 2 },
        };

        CHECK_THREADS(THREAD_REFERENCES, one, "(1)");
        CHECK_THREADS(THREAD_REFERENCES, two, "((2)(1))");
        CHECK_THREADS(THREAD_REFERENCES, chain, "((2)(1))");
        CHECK_THREADS(THREAD_REFERENCES, middle, "(1 (3)(2))");
}

TEST("loops are not made") {
        static const Mail self[] = { { "a", "References: <a@x>", "s", 1 } };
        static const Mail pair[] = {
                { "a", "References: <b@x>", "s", 1 }, { "b", "References: <a@x>", "s", 2 },
        };
        static const Mail ring[] = {
                { "a", "References: <b@x> <c@x>", "s", 1 }, { "b", "References: <c@x> <a@x>", "s", 2 },
                { "c", "References: <a@x> <b@x>", "s", 3 },
        };

        CHECK_THREADS(THREAD_REFERENCES, self, "(1)");
        CHECK_THREADS(THREAD_REFERENCES, pair, "(2 1)");
        CHECK_THREADS(THREAD_REFS, ring, "(2 3 1)");
}

TEST("what a message says of its parent goes before what others say; the second of an ID stands alone") {
        static const Mail cut[] = {
                { "c", "References: <a@x> <b@x>", "s", 3 }, { "a", NULL, "s", 1 }, { "b", NULL, "t", 2 },
        };
        static const Mail twice[] = {
                { "a", NULL, "s", 1 }, { "a", NULL, "t", 2 }, { "b", "References: <a@x>", "u", 3 },
        };
        static const Mail quoted[] = {
                { "\"a\"", NULL, "s", 1 }, { "b", "References: <\n a@x>", "u", 3 },
        };

        CHECK_THREADS(THREAD_REFS, cut, "(2)(3 1)");
        CHECK_THREADS(THREAD_REFERENCES, twice, "(1 3)(2)");
        CHECK_THREADS(THREAD_REFERENCES, quoted, "(1 2)");
}

TEST("REFERENCES gathers roots of one subject") {
        static const Mail reply[] = { { "a", NULL, "pear", 1 }, { "b", NULL, "Re: pear", 2 } };
        static const Mail before[] = { { "a", NULL, "Re: pear", 1 }, { "b", NULL, "pear", 2 } };
        static const Mail equals[] = { { "a", NULL, "pear", 2 }, { "b", NULL, "pear", 1 }, { "c", NULL, "PEAR", 3 } };
        static const Mail dummy[] = {
                { "a", "References: <z@x>", "pear", 1 }, { "b", "References: <z@x>", "pear", 4 },
                { "c", NULL, "pear", 3 }, { "d", NULL, "Re: pear", 2 },
        };
        static const Mail dummies[] = {
                { "a", "References: <y@x>", "pear", 4 }, { "b", "References: <y@x>", "pear", 1 },
                { "c", "References: <z@x>", "pear", 3 }, { "d", "References: <z@x>", "pear", 2 },
        };
        static const Mail empty[] = { { "a", NULL, "Re:", 1 }, { "b", NULL, NULL, 2 } };

        CHECK_THREADS(THREAD_REFERENCES, reply, "(1 2)");
        CHECK_THREADS(THREAD_REFERENCES, before, "(2 1)");
        CHECK_THREADS(THREAD_REFERENCES, equals, "((2)(1)(3))");
        CHECK_THREADS(THREAD_REFERENCES, dummy, "((1)(4)(3)(2))");
        CHECK_THREADS(THREAD_REFERENCES, dummies, "((2)(4)(3)(1))");
        CHECK_THREADS(THREAD_REFERENCES, empty, "(1)(2)");
        CHECK_THREADS(THREAD_REFS, reply, "(1)(2)");
}

TEST("REFS: the thread with the latest message is the last") {
        static const Mail mails[] = {
                { "a", NULL, "s", 1 }, { "b", NULL, "t", 2 }, { "c", "References: <a@x>", "s", 9 },
                { "d", "References: <z@x>", "u", 3 }, { "e", "References: <z@x>", "u", 0 },
        };

        CHECK_THREADS(THREAD_REFS, mails, "(2)((5)(4))(1 3)");
        CHECK_THREADS(THREAD_REFERENCES, mails, "((5)(4))(1 3)(2)");
}

TEST("no messages, no threads") {
        _cleanup_buffer_ Buffer shown = { 0 };

        for (unsigned i = 0; i < _THREAD_ALGORITHM_MAX; i++)
                CHECK_TEXT(thread((ThreadAlgorithm) i, NULL, 0, &shown), "");
}

/* The n-th message of a shape that is meant to be slow. */
typedef void (*Shape)(unsigned n, Buffer *header);

static void chain_down(unsigned n, Buffer *header) {
        buffer_printf(header, "Message-ID: <%u@x>\nReferences: <%u@x>\n", n, n - 1);
}

static void chain_up(unsigned n, Buffer *header) {
        buffer_printf(header, "Message-ID: <%u@x>\nReferences: <%u@x>\n", n, n + 1);
}

/* Every second message takes away the parent that the one before has given it. */
static void cut_again(unsigned n, Buffer *header) {
        if (n % 2 == 0)
                buffer_printf(header, "Message-ID: <m%u@x>\nReferences: <%u@x> <%u@x> <%u@x>\n", n, n, n + 1, n + 2);
        else
                buffer_printf(header, "Message-ID: <%u@x>\nReferences: <%u@x>\n", n, n - 1);
}

/* One chain of IDs that nobody has, with every message at its end. */
static void far_dummies(unsigned n, Buffer *header) {
        buffer_printf(header, "Message-ID: <m%u@x>\nReferences: <%u@x> <%u@x>\n", n, n, n + 1);
}

TEST("100,000 messages in one chain take no stack and no square of time") {
        static const Shape shapes[] = { chain_down, chain_up, cut_again, far_dummies };

        for (size_t i = 0; i < ELEMENTSOF(shapes); i++) {
                _cleanup_(thread_tree_done) ThreadTree tree = { 0 };
                _cleanup_(threading_done) Threading threading = { 0 };
                _cleanup_buffer_ Buffer header = { 0 }, shown = { 0 };

                threading_init(&threading, i % 2 ? THREAD_REFS : THREAD_REFERENCES);
                for (unsigned n = 1; n <= 100000; n++) {
                        buffer_clear(&header);
                        shapes[i](n, &header);
                        add_header(&threading, n * 7919 % 100003, &header);
                }
                threading_finish(&threading, &tree);
                CHECK(thread_tree_write(&tree, same, go_on, NULL, &shown) == 0);
                CHECK(shown.size > 588894); /* the digits of all numbers, and what is between */
        }
}

TESTS_END
