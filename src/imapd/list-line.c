/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attributes and lines of LIST and LSUB. */
#include "imapd/list-line.h"

#include "basic/setting.h"
#include "basic/text.h"
#include "imap-proto/imap-limits.h"
#include "mime/normal-form.h"
#include "store/special-use.h"

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
        { LIST_NON_EXISTENT,    "\\NonExistent"   },
        { LIST_SUBSCRIBED,      "\\Subscribed"    },
        { LIST_ARCHIVE,         "\\Archive"       },
        { LIST_DRAFTS,          "\\Drafts"        },
        { LIST_JUNK,            "\\Junk"          },
        { LIST_SENT,            "\\Sent"          },
        { LIST_TRASH,           "\\Trash"         },
        { LIST_XLIST_INBOX,     "\\Inbox"         },
        { LIST_XLIST_SPAM,      "\\Spam"          },
};

void list_request_add_forms(ListRequest *request) {
        size_t n = request->n_patterns;

        request->patterns = memory_resize(request->patterns, 2 * n + 1, sizeof(ListPattern));
        for (size_t i = 0; i < n; i++) {
                char *form = normal_form_of(request->patterns[i].text);

                if (!form || strlen(form) > IMAP_MAILBOX_NAME_MAX) {
                        free(form);
                        continue;
                }
                request->patterns[request->n_patterns++] =
                        (ListPattern){ .text = form, .size = strlen(form),
                                       .is_bare = request->patterns[i].is_bare };
        }
}

unsigned list_attributes_of_children(bool has_children) {
        if (setting_flag("IMAP_OBSOLETE_CLIENT", false))
                return has_children ? 0 : LIST_NO_INFERIORS;
        return has_children ? LIST_HAS_CHILDREN : LIST_HAS_NO_CHILDREN;
}

unsigned list_attributes_of_use(unsigned uses) {
        static const struct {
                unsigned use, attribute;
        } rows[] = {
                { SPECIAL_USE_ARCHIVE, LIST_ARCHIVE },
                { SPECIAL_USE_DRAFTS,  LIST_DRAFTS  },
                { SPECIAL_USE_JUNK,    LIST_JUNK    },
                { SPECIAL_USE_SENT,    LIST_SENT    },
                { SPECIAL_USE_TRASH,   LIST_TRASH   },
        };
        unsigned attributes = 0;

        for (size_t i = 0; i < ELEMENTSOF(rows); i++)
                attributes |= uses & rows[i].use ? rows[i].attribute : 0;
        return attributes;
}

static void write_without_end(ImapWriter *writer, const char *verb, unsigned attributes,
                              const char *name) {
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
}

void list_write_line(ImapWriter *writer, const char *verb, unsigned attributes, const char *name) {
        write_without_end(writer, verb, attributes, name);
        imap_write_raw(writer, "\r\n");
}

void list_write_line_renamed(ImapWriter *writer, unsigned attributes, const char *name,
                             const char *old_name) {
        write_without_end(writer, "LIST", attributes, name);
        if (old_name) {
                imap_write_raw(writer, " (\"OLDNAME\" (");
                imap_write_mailbox(writer, old_name);
                imap_write_raw(writer, "))");
        }
        imap_write_raw(writer, "\r\n");
}

void list_write_line_of_parent(ImapWriter *writer, const char *verb, unsigned attributes,
                               const char *name, unsigned select) {
        bool subscribed = select & LIST_SELECT_SUBSCRIBED, used = select & LIST_SELECT_SPECIAL_USE;

        write_without_end(writer, verb, attributes, name);
        imap_write_raw(writer, " (\"CHILDINFO\" (");
        imap_write_raw(writer, subscribed ? "\"SUBSCRIBED\"" : "");
        imap_write_raw(writer, subscribed && used ? " " : "");
        imap_write_raw(writer, used ? "\"SPECIAL-USE\"" : "");
        imap_write_raw(writer, "))\r\n");
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
