/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"

#include "imapd/bodystructure-write.h"
#include "mime/envelope.h"

static char *written(const MimePart *part, bool extended) {
        _cleanup_buffer_ Buffer target = { 0 };
        ImapWriter writer = { .out = &target };

        bodystructure_write(&writer, part, extended);
        return buffer_take_text(&target);
}

static const MimeParam charset[] = { { "charset", "US-ASCII" } };
static const MimeParam boundary[] = { { "boundary", "x" } };
static const MimeParam named[] = { { "name", "cc.diff" }, { "x", "a \"b\"" } };

static MimePart text_part(void) {
        return (MimePart){
                .type = "text", .subtype = "plain", .encoding = "7bit", .params = charset, .n_params = 1,
                .body_size_wire = 3028, .body_lines = 92,
        };
}

TEST("a text part has its lines (RFC 3501, section 7.4.2)") {
        MimePart text = text_part();
        _cleanup_free_ char *body = written(&text, false), *structure = written(&text, true);

        CHECK_TEXT(body, "(\"text\" \"plain\" (\"charset\" \"US-ASCII\") NIL NIL \"7bit\" 3028 92)");
        CHECK_TEXT(structure, "(\"text\" \"plain\" (\"charset\" \"US-ASCII\") NIL NIL \"7bit\" 3028 92"
                              " NIL NIL NIL NIL)");
}

TEST("a multipart has its parts, then its subtype") {
        MimePart text = text_part();
        MimePart diff = {
                .type = "application", .subtype = "x-diff", .encoding = "base64", .params = named, .n_params = 2,
                .content_id = "<960723163407.20117h@cac.washington.edu>", .description = "Compiler diff",
                .body_size_wire = 4554, .body_lines = 73,
        };
        const MimePart *children[] = { &text, &diff };
        MimePart whole = {
                .type = "multipart", .subtype = "mixed", .encoding = "7bit", .params = boundary, .n_params = 1,
                .children = children, .n_children = 2,
        };
        _cleanup_free_ char *body = written(&whole, false), *structure = written(&whole, true);

        CHECK_TEXT(body, "((\"text\" \"plain\" (\"charset\" \"US-ASCII\") NIL NIL \"7bit\" 3028 92)"
                         "(\"application\" \"x-diff\" (\"name\" \"cc.diff\" \"x\" \"a \\\"b\\\"\")"
                         " \"<960723163407.20117h@cac.washington.edu>\" \"Compiler diff\" \"base64\" 4554)"
                         " \"mixed\")");
        CHECK(strstr(structure, " \"mixed\" (\"boundary\" \"x\") NIL NIL NIL)"));
}

TEST("extension data is complete: MD5, disposition, language, location") {
        static const MimeParam filename[] = { { "filename", "a b" } };
        static const char *const languages[] = { "de", "en" };
        MimePart text = text_part();
        _cleanup_free_ char *got = NULL;

        text.md5 = "Q2hl";
        text.disposition = "attachment";
        text.disposition_params = filename;
        text.n_disposition_params = 1;
        text.languages = languages;
        text.n_languages = 2;
        text.location = "http://example.com/";
        got = written(&text, true);
        CHECK(strstr(got, " 3028 92 \"Q2hl\" (\"attachment\" (\"filename\" \"a b\")) (\"de\" \"en\")"
                          " \"http://example.com/\")"));
}

TEST("an embedded message has its envelope, its body and its lines") {
        MimePart text = text_part();
        Envelope envelope = { .subject = "inner" };
        const MimePart *children[] = { &text };
        MimePart message = {
                .type = "message", .subtype = "rfc822", .encoding = "7bit", .children = children, .n_children = 1,
                .body_size_wire = 4000, .body_lines = 100,
        };
        _cleanup_free_ char *got = NULL;

        text.envelope = &envelope;
        got = written(&message, false);
        CHECK_TEXT(got, "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 4000"
                        " (NIL \"inner\" NIL NIL NIL NIL NIL NIL NIL NIL)"
                        " (\"text\" \"plain\" (\"charset\" \"US-ASCII\") NIL NIL \"7bit\" 3028 92) 100)");
}

TESTS_END
