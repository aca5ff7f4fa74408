/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "imap-proto/fetch-items.h"
#include "imap-proto/imap-args.h"

/* The program as the answers name it, with " peek" where it is; or the error. */
static char *read_items(const char *text, Buffer *shown) {
        _cleanup_fetch_program_ FetchProgram program = { 0 };
        ImapArgs args;

        buffer_clear(shown);
        imap_args_init(&args, text, strlen(text), NULL);
        args.verb = "FETCH";
        if (!fetch_program_take(&args, &program) || !imap_args_at_end(&args)) {
                buffer_append_text(shown, imap_args_error(&args));
                return shown->data;
        }
        for (size_t i = 0; i < program.n_items; i++) {
                if (i > 0)
                        buffer_append_char(shown, ' ');
                fetch_item_append_name(&program.items[i], shown);
                buffer_append_text(shown, program.items[i].lazy ? "(LAZY)" : "");
                if (program.items[i].is_partial) {
                        shown->size--;
                        buffer_append_char(shown, '.');
                        buffer_append_number(shown, program.items[i].partial_size);
                        buffer_append_char(shown, '>');
                }
        }
        buffer_append_text(shown, program.sets_seen ? " +seen" : "");
        return shown->data;
}

TEST("items and macros") {
        static const struct {
                const char *text, *shown;
        } examples[] = {
                { "FLAGS", "FLAGS" },
                { "(flags uid)", "FLAGS UID" },
                { "( FLAGS  FLAGS )", "FLAGS" },
                { "ALL", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE" },
                { "FAST", "FLAGS INTERNALDATE RFC822.SIZE" },
                { "full", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY" },
                { "(UID FAST)", "UID FLAGS INTERNALDATE RFC822.SIZE" },
                { "(RFC822.HEADER RFC822.SIZE)", "RFC822.HEADER RFC822.SIZE" },
                { "RFC822", "RFC822 +seen" },
                { "RFC822.TEXT", "RFC822.TEXT +seen" },
                { "(BODY BODYSTRUCTURE)", "BODY BODYSTRUCTURE" },
                { "BODY[]", "BODY[] +seen" },
                { "body.peek[]", "BODY[]" },
                { "(BODY.PEEK[] BODY[])", "BODY[] +seen" },
                { "BODY.PEEK[]<0.1024>", "BODY[]<0.1024>" },
                { "BODY.PEEK[1.2.3]<5.6>", "BODY[1.2.3]<5.6>" },
                { "BODY.PEEK[header]", "BODY[HEADER]" },
                { "BODY.PEEK[4.1.MIME]", "BODY[4.1.MIME]" },
                { "BODY.PEEK[4.TEXT]", "BODY[4.TEXT]" },
                { "(UID BODY.PEEK[HEADER.FIELDS (Subject date)])", "UID BODY[HEADER.FIELDS (\"SUBJECT\" \"DATE\")]" },
                { "BODY.PEEK[1.HEADER.FIELDS.NOT (\"X \\\"Y\")]<0.9>",
                  "BODY[1.HEADER.FIELDS.NOT (\"X \\\"Y\")]<0.9>" },
                { "BODY.PEEK[HEADER.FIELDS ({4}\r\nFrom)]", "BODY[HEADER.FIELDS (\"FROM\")]" },
                { "(preview (lazy) UID)", "PREVIEW(LAZY) UID" },
                { "(PREVIEW (LAZY) PREVIEW)", "PREVIEW" },
                { "(PREVIEW PREVIEW (LAZY))", "PREVIEW" },
                { "PREVIEW (LAZY)", "PREVIEW(LAZY)" },
                { "BINARY[1.2]", "BINARY[1.2] +seen" },
                { "binary.peek[1]<0.5>", "BINARY[1]<0.5>" },
                { "(BINARY.SIZE[1] BINARY.PEEK[1] BODY.PEEK[1])", "BINARY.SIZE[1] BINARY[1] BODY[1]" },
                { "(BINARY.PEEK[] BINARY[] BINARY.SIZE[])", "BINARY[] BINARY.SIZE[] +seen" },
                { "(BODY.PEEK[1] BODY.PEEK[2] BODY.PEEK[1]<0.1>)", "BODY[1] BODY[2] BODY[1]<0.1>" },
        };
        _cleanup_buffer_ Buffer shown = { 0 };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                CHECK_TEXT(read_items(examples[i].text, &shown), examples[i].shown);
}

TEST("mistakes are named") {
        static const struct {
                const char *text, *error;
        } examples[] = {
                { "", "FETCH wants an item such as FLAGS, got nothing" },
                { "()", "FETCH wants an item such as FLAGS, got ')'" },
                { "FLAG", "FETCH wants an item such as FLAGS, got 'FLAG'" },
                { "FLAGS UID", "FETCH wants nothing more, got 'UID'" },
                { "(FLAGS", "FETCH wants a closing parenthesis, got nothing" },
                { "(FLAGS(UID))", "FETCH wants a space behind an item, got '(UID))'" },
                { "RFC822[]", "FETCH wants BODY, BODY.PEEK or a BINARY before a section, got 'RFC822[]'" },
                { "[]", "FETCH wants BODY, BODY.PEEK or a BINARY before a section, got '[]'" },
                { "BODY[", "FETCH wants a section such as HEADER or 1.TEXT, got nothing" },
                { "BODY[0]", "FETCH wants part numbers from 1 on, got ']'" },
                { "BODY[4294967296]", "FETCH wants part numbers from 1 on, got '6]'" },
                { "BODY[1", "FETCH wants ']' behind a section, got nothing" },
                { "BODY[1.]", "FETCH wants a section such as HEADER or 1.TEXT, got ']'" },
                { "BODY[1 HEADER]", "FETCH wants ']' behind a section, got 'HEADER]'" },
                { "BODY[MIME]", "MIME needs part numbers: BODY[1.MIME]" },
                { "BODY[FOO]", "FETCH wants a section such as HEADER or 1.TEXT, got 'FOO]'" },
                { "BODY[HEADER.FIELDS]", "FETCH wants a list in parentheses, got ']'" },
                { "BODY[HEADER.FIELDS ()]", "FETCH wants an atom or string, got ')]'" },
                { "BODY[HEADER.FIELDS (a\xc3\xa9)]", "FETCH wants an atom or string, got 'a?" "?)]'" },
                { "BODY[HEADER.FIELDS (\"\xc3\xa9\")]", "'?" "?' is no name of a header field" },
                { "BODY[HEADER.FIELDS (\"\")]", "'' is no name of a header field" },
                { "BODY[]<0.0>", "FETCH wants a partial such as <0.1024>, got '>'" },
                { "BODY[]<0>", "FETCH wants a partial such as <0.1024>, got '>'" },
                { "BODY[]<1.2", "FETCH wants a partial such as <0.1024>, got nothing" },
                { "BODY[]<0.9999999999999999999999>", "FETCH wants a partial such as <0.1024>, got '9999>'" },
                { "(PREVIEW (EAGER))", "FETCH wants an item such as FLAGS, got '(EAGER))'" },
                { "(PREVIEW (LAZY EAGER))", "FETCH wants ')' behind LAZY, got 'EAGER))'" },
                { "PREVIEW[]", "FETCH wants BODY, BODY.PEEK or a BINARY before a section, got 'PREVIEW[]'" },
                { "BINARY", "FETCH wants an item such as FLAGS, got 'BINARY'" },
                { "BINARY.TEXT[1]", "FETCH wants BODY, BODY.PEEK or a BINARY before a section, got 'BINARY.TEXT[1]'" },
                { "BINARY[TEXT]", "FETCH wants only part numbers in a section of BINARY, got 'TEXT]'" },
                { "BINARY[1.MIME]", "FETCH wants only part numbers in a section of BINARY, got 'MIME]'" },
                { "BINARY.SIZE[1]<0.5>", "FETCH wants a space behind an item, got '<0.5>'" },
                { "BODY[]x", "FETCH wants a space behind an item, got 'x'" },
        };
        _cleanup_buffer_ Buffer shown = { 0 };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                CHECK_TEXT(read_items(examples[i].text, &shown), examples[i].error);
}

TEST("paths, fields and items are limited") {
        _cleanup_buffer_ Buffer text = { 0 }, shown = { 0 };

        buffer_append_text(&text, "BODY[1");
        for (int i = 0; i < IMAP_PART_PATH_MAX; i++)
                buffer_append_text(&text, ".1");
        CHECK_TEXT(read_items(text.data, &shown), "More than 60 numbers in a part");

        buffer_clear(&text);
        for (int i = 0; i <= IMAP_FETCH_ITEMS_MAX; i++)
                buffer_printf(&text, "%cBODY.PEEK[%d]", i == 0 ? '(' : ' ', i + 1);
        CHECK_TEXT(read_items(text.data, &shown), "More than 500 items");

        buffer_clear(&text);
        buffer_append_text(&text, "(BODY[HEADER.FIELDS (a)] BODY[HEADER.FIELDS (");
        for (int i = 0; i < IMAP_HEADER_FIELDS_MAX; i++)
                buffer_append_text(&text, "x ");
        CHECK_TEXT(read_items(text.data, &shown), "More than 500 header fields");
}

TEST("a program knows what it holds") {
        _cleanup_fetch_program_ FetchProgram program = { 0 };
        ImapArgs args;

        imap_args_init(&args, "(FLAGS BODY[])", 14, NULL);
        CHECK(fetch_program_take(&args, &program));
        CHECK(fetch_program_has(&program, FETCH_FLAGS) && !fetch_program_has(&program, FETCH_UID));
}

TESTS_END
