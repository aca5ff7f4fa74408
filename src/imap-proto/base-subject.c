/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps have the numbers of RFC 5256, section 2.1. */
#include "imap-proto/base-subject.h"

#include "basic/text.h"

typedef struct Rest {
        const char *at, *end;
        bool is_reply;
} Rest;

static bool is_space(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
}

/* (1) Each run of white space is one space; the words of RFC 2047 have been decoded. */
static void collapse_spaces(Buffer *subject) {
        size_t n = 0;

        buffer_append(subject, "", 0); /* so that there is something to point at */
        for (size_t i = 0; i < subject->size; i++) {
                char c = is_space(subject->data[i]) ? ' ' : subject->data[i];

                if (c != ' ' || n == 0 || subject->data[n - 1] != ' ')
                        subject->data[n++] = c;
        }
        buffer_truncate(subject, n);
}

static bool starts_with(const char *at, const char *end, const char *word) {
        size_t size = strlen(word);

        return (size_t) (end - at) >= size && text_equal_nocase_range(at, size, word);
}

static const char *skip_spaces(const char *at, const char *end) {
        while (at < end && *at == ' ')
                at++;
        return at;
}

/* (2) subj-trailer */
static void drop_trailers(Rest *rest) {
        for (;;) {
                if (rest->at < rest->end && rest->end[-1] == ' ') {
                        rest->end--;
                } else if (rest->end - rest->at >= 5 &&
                           starts_with(rest->end - 5, rest->end, "(fwd)")) {
                        rest->end -= 5;
                        rest->is_reply = true;
                } else {
                        return;
                }
        }
}

/* Behind a subj-blob and the spaces that belong to it; NULL when there is none. */
static const char *skip_blob(const char *at, const char *end) {
        if (at == end || *at != '[')
                return NULL;
        for (at++; at < end && *at != ']'; at++)
                if (*at == '[')
                        return NULL;
        return at < end ? skip_spaces(at + 1, end) : NULL;
}

/* Behind a subj-refwd, "Re [blob]:"; NULL when there is none. */
static const char *skip_reply(const char *at, const char *end) {
        const char *blob;

        if (starts_with(at, end, "fwd"))
                at += 3;
        else if (starts_with(at, end, "re") || starts_with(at, end, "fw"))
                at += 2;
        else
                return NULL;
        at = skip_spaces(at, end);
        blob = skip_blob(at, end);
        if (blob)
                at = blob;
        return at < end && *at == ':' ? at + 1 : NULL;
}

/*
 * (3) to (5): subj-leader and subj-blob, until neither is left. A blob is only dropped if
 * something is left then; so of blobs that no "Re:" follows all go, or all but the last.
 */
static void drop_leaders(Rest *rest) {
        for (;;) {
                const char *last_blob = rest->at = skip_spaces(rest->at, rest->end);
                const char *at = last_blob, *reply;

                for (const char *next; (next = skip_blob(at, rest->end)); at = next)
                        last_blob = at;
                reply = skip_reply(at, rest->end);
                if (!reply) {
                        rest->at = at < rest->end ? at : last_blob;
                        return;
                }
                rest->at = reply;
                rest->is_reply = true;
        }
}

/* (6) subj-fwd-hdr and subj-fwd-trl */
static bool drop_forward(Rest *rest) {
        if (rest->at == rest->end || rest->end[-1] != ']' ||
            !starts_with(rest->at, rest->end, "[fwd:"))
                return false;
        rest->at += 5;
        rest->end--;
        return rest->is_reply = true;
}

void base_subject_find(Buffer *subject, BaseSubject *ret_base) {
        Rest rest;

        collapse_spaces(subject);
        rest = (Rest){ subject->data, subject->data + subject->size, false };
        do {
                drop_trailers(&rest);
                drop_leaders(&rest);
        } while (drop_forward(&rest));
        *ret_base = (BaseSubject){ rest.at, (size_t) (rest.end - rest.at), rest.is_reply };
}
