/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/parser.h"

#include <time.h>

#include "harness.h"
#include "mime/envelope.h"
#include "show-part.h"

#define MULTI "Content-Type: multipart/mixed; boundary=b\n\n"

static const struct {
        const char *mail, *want;
} examples[] = {
        { "", "text/plain 0+0(0)" },
        { "\n", "text/plain 2+0(0)" },
        { "x", "text/plain 1+0(0)" },
        { "A: b\n\nbody\n", "text/plain 8+6(1)" },
        { "A: b\r\n\r\nbody\r\n", "text/plain 8+6(1)" },
        { "A: b\n\nbody\nlast", "text/plain 8+10(1)" },
        { "A: b\n", "text/plain 6+0(0)" },
        { "A: b\n\nbody\r", "text/plain 8+5(0)" },
        { "Content-Type: TEXT/Html\n\nx\n", "text/html 27+3(1)" },
        { "Content-Type: rubbish\n\nx\n", "text/plain 25+3(1)" },

        /* The line end before a boundary is the boundary's. */
        { MULTI "--b\n\none\n--b\n\ntwo\n\n--b--\n",
          "multipart/mixed 45+33(8)[text/plain 2+3(0), text/plain 2+5(1)]" },
        { MULTI "pre\n--b\nA: b\n\none\n--b--\nepilogue\n",
          "multipart/mixed 45+40(7)[text/plain 8+3(0)]" },

        /* Nothing between header and boundary, nothing at all, no blank line. */
        { MULTI "--b\n\n--b\n--b\nA: b\n--b--\n",
          "multipart/mixed 45+30(6)[text/plain 0+0(0), text/plain 0+0(0), text/plain 4+0(0)]" },

        { MULTI "--b\nContent-Type: message/rfc822\n\n--b--\n",
          "multipart/mixed 45+44(4)[message/rfc822 30+0(0)[text/plain 0+0(0)]]" },

        /* No end, no start, an end only. */
        { MULTI "--b\n\none\n", "multipart/mixed 45+12(3)[text/plain 2+5(1)]" },
        { MULTI "nothing\n", "multipart/mixed 45+9(1)[text/plain 0+0(0)]" },
        { MULTI "--b--\nx\n", "multipart/mixed 45+10(2)[text/plain 0+0(0)]" },
        { MULTI "--b", "multipart/mixed 45+3(0)[text/plain 0+0(0)]" },
        { "Content-Type: multipart/mixed\n\n--b\n\nx\n", "multipart/mixed 33+10(3)[text/plain 0+0(0)]" },
        { "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\nx\n",
          "multipart/mixed 46+9(3)[text/plain 0+0(0)]" },

        /* A boundary is a prefix of its line; of several the longest counts. */
        { MULTI "--b \t\n\nx\n--b--rest\n", "multipart/mixed 45+23(4)[text/plain 2+1(0)]" },
        { MULTI "--b\nContent-Type: multipart/x; boundary=bb\n\n--bb\n\nx\n--bb--\n--b--\n",
          "multipart/mixed 45+73(8)[multipart/x 42+17(3)[text/plain 2+1(0)]]" },

        /* The outer boundary ends the inner multipart. */
        { MULTI "--b\nContent-Type: multipart/x; boundary=c\n\n--c\n\nx\n--b\n\ny\n--b--\n",
          "multipart/mixed 45+73(10)[multipart/x 41+8(2)[text/plain 2+1(0)], text/plain 2+1(0)]" },

        { MULTI "--b\nContent-Type: multipart/x; boundary=c\n\n--c\n--b--\n",
          "multipart/mixed 45+58(5)[multipart/x 41+3(0)[text/plain 0+0(0)]]" },

        /* Messages in messages. */
        { "Content-Type: message/rfc822\n\nSubject: in\n\nbody\n",
          "message/rfc822 32+21(3)[text/plain 15+6(1)]" },
        { "Content-Type: message/rfc822\n\n", "message/rfc822 32+0(0)[text/plain 0+0(0)]" },
        { "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQQ==\n",
          "message/rfc822 67+6(1)[text/plain 0+6(1)]" },
        { "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: a\n\nx\n--b\nContent-Type: text/plain\n"
          "\ny\n--b--\n",
          "multipart/digest 46+67(10)[message/rfc822 2+15(2)[text/plain 14+1(0)], text/plain 28+1(0)]" },
};

TEST("structures of whole and broken mail, fed in pieces of any size") {
        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                size_t size = strlen(examples[i].mail);

                for (size_t piece = 0; piece <= size; piece++) {
                        _cleanup_free_ char *got = show_mail(examples[i].mail, size, piece, NULL);

                        CHECK_TEXT(got, examples[i].want);
                        if (unit_failed)
                                break;
                }
        }
}

TEST("offsets are those of the file") {
        const char *mail = MULTI "--b\nA: b\n\none\n--b--\n";
        _cleanup_(mime_part_freep) MimePart *root = mime_parse(mail, strlen(mail), NULL);
        const MimePart *part = root->children[0];

        CHECK_NUMBER(root->body_offset, strlen(MULTI));
        CHECK_NUMBER(root->end_offset, strlen(mail));
        CHECK_NUMBER(part->header_offset, strlen(MULTI) + 4);
        CHECK_NUMBER(part->body_offset, strlen(MULTI) + 10);
        CHECK_NUMBER(part->end_offset, strlen(MULTI) + 13);
        CHECK(part->parent == root);
}

TEST("fields of a part are read, the first of each counts") {
        const char *mail = "Content-Type: text/PLAIN; Charset=utf-8; name*=utf-8''a\n"
                           "Content-type: image/png\n"
                           "Content-Transfer-Encoding: BASE64 (really)\n"
                           "Content-Disposition: ATTACHMENT; filename=\"x y\"\n"
                           "Content-Language: en, de (German), fr-CA\n"
                           "Content-ID: <a@b>\nContent-Description: =?utf-8?q?x?=\n folded\n"
                           "Content-MD5: zzz\nContent-Location: http://x/\n y\nContent-ID: <c@d>\n\n";
        _cleanup_(mime_part_freep) MimePart *root = mime_parse(mail, strlen(mail), NULL);

        CHECK_TEXT(root->subtype, "plain");
        CHECK_NUMBER(root->n_params, 2);
        CHECK_TEXT(mime_part_param(root, "charset"), "utf-8");
        CHECK_TEXT(root->encoding, "base64");
        CHECK_TEXT(root->disposition, "attachment");
        CHECK_TEXT(root->disposition_params[0].value, "x y");
        CHECK_NUMBER(root->n_languages, 3);
        CHECK_TEXT(root->languages[2], "fr-CA");
        CHECK_TEXT(root->content_id, "<a@b>");
        CHECK_TEXT(root->description, "=?utf-8?q?x?= folded");
        CHECK_TEXT(root->md5, "zzz");
        CHECK_TEXT(root->location, "http://x/y");
}

TEST("text has a charset") {
        const char *mail = "Content-Type: text/html; x=y\n\n";
        _cleanup_(mime_part_freep) MimePart *root = mime_parse(mail, strlen(mail), NULL);
        _cleanup_(mime_part_freep) MimePart *empty = mime_parse("", 0, NULL);

        CHECK_TEXT(mime_part_param(root, "charset"), "us-ascii");
        CHECK_TEXT(mime_part_param(root, "x"), "y");
        CHECK_TEXT(mime_part_param(empty, "charset"), "us-ascii");
        CHECK_TEXT(empty->encoding, "7bit");
}

TEST("messages have an envelope; repeated addresses are joined, of texts the first counts") {
        const char *mail = "From: a@x\nSubject: one\n  two \nSubject: x\nTo: b@x\nTo: c@x\nCc:\n"
                           "Content-Type: message/rfc822\n\nMessage-ID: <1@x>\n\n";
        _cleanup_(mime_part_freep) MimePart *root = mime_parse(mail, strlen(mail), NULL);

        CHECK_TEXT(root->envelope->subject, "one  two");
        CHECK_NUMBER(root->envelope->from.n_addresses, 1);
        CHECK_NUMBER(root->envelope->to.n_addresses, 2);
        CHECK_NUMBER(root->envelope->cc.n_addresses, 0);
        CHECK_TEXT(root->envelope->message_id, NULL);
        CHECK_TEXT(root->children[0]->envelope->message_id, "<1@x>");
        CHECK_TEXT(root->children[0]->envelope->subject, NULL);
}

TEST("NUL, bare CR and 8-bit octets do not disturb a header") {
        static const char mail[] = "Subject: a\0b\rc\xff\n\nx\0y\n";
        _cleanup_(mime_part_freep) MimePart *root = mime_parse(mail, sizeof(mail) - 1, NULL);

        CHECK_TEXT(root->envelope->subject, "a\x80" "b\rc\xff");
        CHECK_NUMBER(root->body_size_wire, 5);
}

static size_t count(const MimePart *part) {
        size_t n = 1;

        for (size_t i = 0; i < part->n_children; i++)
                n += count(part->children[i]);
        return n;
}

static size_t depth(const MimePart *part) {
        size_t deepest = 0;

        for (size_t i = 0; i < part->n_children; i++) {
                size_t below = depth(part->children[i]);

                deepest = MAX(deepest, below);
        }
        return deepest + 1;
}

TEST("100,000 parts: the first thousand, then body") {
        _cleanup_buffer_ Buffer mail = { 0 };
        _cleanup_(mime_part_freep) MimePart *root = NULL;

        buffer_append_text(&mail, MULTI);
        for (int i = 0; i < 100000; i++)
                buffer_append_text(&mail, "--b\n\nx\n");
        buffer_append_text(&mail, "--b--\n");
        root = mime_parse(mail.data, mail.size, NULL);
        CHECK_NUMBER(root->n_children, MIME_PARTS_MAX - 1);
        CHECK(root->truncated);
        CHECK_NUMBER(root->end_offset, mail.size);
        CHECK_NUMBER(root->children[root->n_children - 1]->end_offset, mail.size);
}

TEST("multiparts and messages nest as deep as the limit") {
        _cleanup_buffer_ Buffer mail = { 0 }, messages = { 0 };
        _cleanup_(mime_part_freep) MimePart *root = NULL, *nest = NULL;

        for (int i = 0; i < 5000; i++)
                buffer_printf(&mail, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
        for (int i = 0; i < 5000; i++)
                buffer_append_text(&messages, "Content-Type: message/rfc822\n\n");
        root = mime_parse(mail.data, mail.size, NULL);
        nest = mime_parse(messages.data, messages.size, NULL);
        CHECK(root->truncated);
        CHECK(nest->truncated);
        CHECK_NUMBER(depth(root), MIME_DEPTH_MAX + 2); /* with the one that stands in for an empty one */
        CHECK_NUMBER(depth(nest), MIME_DEPTH_MAX + 2);
        CHECK_NUMBER(count(nest), MIME_DEPTH_MAX + 2);
}

TEST("a header of 10 MB keeps what is needed and counts the rest") {
        _cleanup_buffer_ Buffer mail = { 0 }, subject = { 0 };
        _cleanup_(mime_part_freep) MimePart *root = NULL, *cut = NULL;

        for (int i = 0; i < 400000; i++)
                buffer_append_text(&mail, "X-Filler: some words here\n");
        buffer_append_text(&mail, "Subject: there\n\nbody\n");
        root = mime_parse(mail.data, mail.size, NULL);
        CHECK_TEXT(root->envelope->subject, "there");
        CHECK(!root->truncated);
        CHECK_NUMBER(root->header_lines, 400002);

        buffer_append_text(&subject, "Subject:");
        for (int i = 0; i < 400000; i++)
                buffer_append_text(&subject, " some words here and there\n");
        buffer_append_text(&subject, "From: a@x\n\nbody\n");
        cut = mime_parse(subject.data, subject.size, NULL);
        CHECK(cut->truncated);
        CHECK(strlen(cut->envelope->subject) < MIME_HEADER_OCTETS_MAX);
        CHECK_NUMBER(cut->body_size_wire, 6);
}

TEST("many boundaries that almost match take linear time") {
        _cleanup_buffer_ Buffer mail = { 0 };
        _cleanup_(mime_part_freep) MimePart *root = NULL;
        clock_t start = clock();

        for (int i = 0; i < MIME_DEPTH_MAX; i++)
                buffer_printf(&mail, "Content-Type: multipart/mixed; boundary=%0900d\n\n--%0900d\n", i, i);
        for (int i = 0; i < 4000; i++)
                buffer_printf(&mail, "--%0899d\n", i);
        root = mime_parse(mail.data, mail.size, NULL);
        CHECK(clock() - start < 5 * CLOCKS_PER_SEC);
        CHECK_NUMBER(root->end_offset, mail.size);
}

TESTS_END
