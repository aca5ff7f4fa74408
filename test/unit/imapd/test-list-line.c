/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "imapd/list-line.h"

#include <stdlib.h>

#include "harness.h"

TEST("attributes come in Courier's order, names as the wire has them") {
        _cleanup_buffer_ Buffer out = { 0 };
        ImapWriter writer = { .out = &out };

        list_write_line(&writer, "LIST", LIST_HAS_CHILDREN | LIST_UNMARKED | LIST_NOSELECT, "INBOX");
        list_write_line(&writer, "LSUB", 0, "INBOX/Entwürfe/\"a\"");
        CHECK_TEXT(out.data, "* LIST (\\Noselect \\Unmarked \\HasChildren) \".\" \"INBOX\"\r\n"
                             "* LSUB () \".\" \"INBOX.Entw&APw-rfe.\\\"a\\\"\"\r\n");
}

TEST("obsolete clients hear of \\Noinferiors") {
        CHECK_NUMBER(list_attributes_of_children(true), LIST_HAS_CHILDREN);
        CHECK_NUMBER(list_attributes_of_children(false), LIST_HAS_NO_CHILDREN);
        setenv("IMAP_OBSOLETE_CLIENT", "1", 1);
        CHECK_NUMBER(list_attributes_of_children(true), 0);
        CHECK_NUMBER(list_attributes_of_children(false), LIST_NO_INFERIORS);
        unsetenv("IMAP_OBSOLETE_CLIENT");
}

TEST("an empty pattern asks for the separator, a strange one for nothing") {
        static const struct {
                const char *arguments;
                bool good;
                int kind;
        } examples[] = {
                { " \"\" \"\"", true, LIST_REQUEST_ROOT },
                { " INBOX NIL", true, LIST_REQUEST_ROOT },
                { " \"\" *", true, LIST_REQUEST_NAMES },
                { " NIL %", true, LIST_REQUEST_NAMES },
                { " \"\" INBOX.{3}\r\nabc", false, 0 },
                { " \"\" \"INBOX.&x\"", false, 0 },
                { " \"\"", false, 0 },
                { " \"\" * *", false, 0 },
                { " \"\" (* %)", false, 0 },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_list_request_ ListRequest request = { 0 };
                ImapArgs args;

                imap_args_init(&args, examples[i].arguments, strlen(examples[i].arguments), NULL);
                CHECK(list_request_take_plain(&args, &request) == examples[i].good);
                CHECK_NUMBER(request.kind, examples[i].kind);
        }
}

TESTS_END
