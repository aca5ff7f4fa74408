/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reference and pattern, attributes and lines of LIST and LSUB. */
#include "imapd/list-line.h"

#include "basic/setting.h"

static const struct {
        ListAttribute attribute;
        const char *word;
} attribute_words[] = {
        { LIST_NOSELECT,        "\\Noselect"      },
        { LIST_UNMARKED,        "\\Unmarked"      },
        { LIST_MARKED,          "\\Marked"        },
        { LIST_HAS_NO_CHILDREN, "\\HasNoChildren" },
        { LIST_NO_INFERIORS,    "\\Noinferiors"   },
        { LIST_HAS_CHILDREN,    "\\HasChildren"   },
};

unsigned list_attributes_of_children(bool has_children) {
        if (setting_flag("IMAP_OBSOLETE_CLIENT", false))
                return has_children ? 0 : LIST_NO_INFERIORS;
        return has_children ? LIST_HAS_CHILDREN : LIST_HAS_NO_CHILDREN;
}

void list_write_line(ImapWriter *writer, const char *verb, unsigned attributes, const char *name) {
        const char *blank = "";

        imap_write_raw(writer, "* ");
        imap_write_raw(writer, verb);
        imap_write_raw(writer, " (");
        for (size_t i = 0; i < ELEMENTSOF(attribute_words); i++) {
                if (!(attributes & (unsigned) attribute_words[i].attribute))
                        continue;
                imap_write_raw(writer, blank);
                imap_write_raw(writer, attribute_words[i].word);
                blank = " ";
        }
        imap_write_raw(writer, ") \".\" ");
        imap_write_mailbox(writer, name);
        imap_write_raw(writer, "\r\n");
}

void list_request_done(ListRequest *request) {
        list_pattern_done(&request->pattern);
}

/* NIL stands for the empty text, as Courier has it. */
static bool take_text(ImapArgs *args, bool is_pattern, char **ret_text) {
        if (imap_args_accept_nil(args)) {
                *ret_text = memory_copy("", 1);
                return true;
        }
        return is_pattern ? imap_args_take_list_pattern(args, ret_text)
                          : imap_args_take_astring(args, ret_text);
}

bool list_request_take(ImapArgs *args, ListRequest *ret_request) {
        _cleanup_free_ char *reference = NULL, *pattern = NULL;
        ListRequest request = { 0 };

        if (!take_text(args, false, &reference) || !take_text(args, true, &pattern) ||
            !imap_args_at_end(args))
                return false;
        if (pattern[0] == '\0') {
                request.kind = LIST_REQUEST_ROOT;
                *ret_request = request;
                return true;
        }
        switch (list_pattern_init(reference, pattern, args->utf8, &request.pattern)) {
        case LIST_PATTERN_BROKEN:
                return imap_args_fail(args, "The pattern is not modified UTF-7");
        case LIST_PATTERN_NOTHING:
                request.kind = LIST_REQUEST_NOTHING;
                break;
        case LIST_PATTERN_TOO_MANY:
                request.kind = LIST_REQUEST_TOO_MANY;
                break;
        }
        *ret_request = request;
        return true;
}

bool list_request_answers(const ListRequest *request, ImapWriter *writer, const char *verb,
                          ImapReply *ret_reply) {
        switch (request->kind) {
        case LIST_REQUEST_NAMES:
                return false;
        case LIST_REQUEST_ROOT:
                list_write_line(writer, verb, LIST_NOSELECT, "");
                return true;
        case LIST_REQUEST_NOTHING:
                return true;
        case LIST_REQUEST_TOO_MANY:
                *ret_reply = (ImapReply){ IMAP_NO, .code = "LIMIT",
                                          .text = "Too many wildcards in the pattern" };
                return true;
        }
        return false;
}
