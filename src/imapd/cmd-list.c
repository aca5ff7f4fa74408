/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LIST: the mailboxes that match a pattern (RFC 9051, section 6.3.9; RFC 5258), with what they
 * are for (RFC 6154) and STATUS (RFC 5819). XLIST is what some clients still ask for instead.
 */
#include "basic/setting.h"
#include "basic/text.h"
#include "imapd/command-table.h"
#include "imapd/list-line.h"
#include "imapd/list-names.h"
#include "imapd/status-line.h"

/* Courier marks the INBOX only, because it has to look into each mailbox for the others. */
static int attribute_of_mail(ImapSession *session, const char *name, unsigned *ret_attribute) {
        bool is_marked;
        int r;

        *ret_attribute = 0;
        if (!text_equal(name, "INBOX") && !setting_flag("IMAP_CHECK_ALL_FOLDERS", false))
                return 0;
        r = store_is_marked(session->store, name, &is_marked);
        if (r < 0)
                return r;
        if (r == STORE_DONE)
                *ret_attribute = is_marked ? LIST_MARKED : LIST_UNMARKED;
        return 0;
}

static int attributes_of(ImapSession *session, const ListRequest *request, const ListName *name,
                         unsigned *ret_attributes) {
        unsigned attributes = list_attributes_of_children(name->has_children), marked = 0;
        int r = 0;

        if (name->exists)
                r = attribute_of_mail(session, name->name, &marked);
        else
                attributes |= request->is_extended ? LIST_NON_EXISTENT : LIST_NOSELECT;
        if (request->returns & LIST_RETURN_SUBSCRIBED && name->is_subscribed)
                attributes |= LIST_SUBSCRIBED;
        *ret_attributes = attributes | marked | list_attributes_of_use(name->uses);
        return r;
}

static void write_line(ImapSession *session, const ListRequest *request, const ListName *name,
                       unsigned attributes) {
        ImapWriter writer = imap_session_writer(session);

        if (request->select & LIST_SELECT_RECURSIVE && name->has_selected)
                list_write_line_of_parent(&writer, "LIST", attributes, name->told,
                                          request->select);
        else
                list_write_line(&writer, "LIST", attributes, name->told);
}

/* A mailbox that cannot be counted cannot be selected either (RFC 5819, section 2). */
static int write_name(ImapSession *session, const ListRequest *request, const ListName *name) {
        bool counts = request->returns & LIST_RETURN_STATUS && name->is_selected && name->exists;
        MailboxStatus status = { 0 };
        unsigned attributes;
        int r = attributes_of(session, request, name, &attributes);

        if (r < 0)
                return r;
        if (counts) {
                r = mailbox_status_look(session, name->name, request->status_items, &status);
                counts = r == STORE_DONE;
                if (!counts)
                        attributes |= LIST_NOSELECT;
        }
        write_line(session, request, name, attributes);
        if (counts)
                mailbox_status_write(session, name->told, request->status_items, &status);
        return imap_session_drain(session);
}

/* Its words for the INBOX and for junk are its own. */
static unsigned xlist_attributes(const ListName *name) {
        unsigned attributes = list_attributes_of_children(name->has_children) |
                              list_attributes_of_use(name->uses);

        if (attributes & LIST_JUNK)
                attributes = (attributes & ~(unsigned) LIST_JUNK) | LIST_XLIST_SPAM;
        if (text_equal(name->name, "INBOX"))
                attributes |= LIST_XLIST_INBOX;
        return attributes | (name->exists ? 0 : LIST_NOSELECT);
}

static int write_xlist_name(ImapSession *session, const ListRequest *request,
                            const ListName *name) {
        ImapWriter writer = imap_session_writer(session);

        list_write_line(&writer, "XLIST", xlist_attributes(name), name->told);
        return imap_session_drain(session);
}

/* What LIST and XLIST have in common. */
static int answer(ImapSession *session, ListRequest *request, const char *verb,
                  int (*write)(ImapSession *, const ListRequest *, const ListName *),
                  ImapReply *ret_reply) {
        _cleanup_list_names_ ListNames names = { 0 };
        ImapWriter writer = imap_session_writer(session);
        int r;

        if (list_request_answers(request, &writer, verb, ret_reply))
                return 0;
        list_request_add_forms(request);
        r = list_names_gather(session->store, request, &names);
        if (r < 0)
                return r;
        for (size_t i = 0; i < names.n_names; i++) {
                if (!names.names[i].is_answered)
                        continue;
                r = write(session, request, &names.names[i]);
                if (r != 0)
                        return r;
        }
        *ret_reply = imap_reply_from_outcome(r, NULL);
        return 0;
}

int cmd_list(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_list_request_ ListRequest request = { 0 };

        if (!list_request_take(args, &request))
                return imap_reply_bad_args(args, ret_reply);
        return answer(session, &request, "LIST", write_name, ret_reply);
}

int cmd_xlist(ImapSession *session, ImapArgs *args, ImapReply *ret_reply) {
        _cleanup_list_request_ ListRequest request = { 0 };

        if (!list_request_take_plain(args, &request))
                return imap_reply_bad_args(args, ret_reply);
        request.returns |= LIST_RETURN_SPECIAL_USE;
        return answer(session, &request, "XLIST", write_xlist_name, ret_reply);
}
