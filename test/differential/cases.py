# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages written by hand, each for one thing that mail software gets wrong.

A case is (name, octets). Lines end LF as in a Maildir unless the case is about line ends.
"""
import base64

BASIC = "From: Ann <ann@example.com>\nTo: john@example.com\nSubject: {}\nDate: Tue, 14 May 2024 10:11:12 +0200\n"


def mail(name, header, body="", subject=None):
    text = BASIC.format(subject or name) + header + "\n" + body
    return name, text.encode("utf-8")


def bare(name, text):
    return name, text if isinstance(text, bytes) else text.encode("utf-8")


def multipart(subtype, *parts, boundary="b1", preamble="", epilogue="", extra=""):
    lines = f'MIME-Version: 1.0\nContent-Type: multipart/{subtype}; boundary="{boundary}"{extra}\n', preamble
    for part in parts:
        lines += (f"--{boundary}\n", part if part.endswith("\n") else part + "\n")
    return lines[0], "".join(lines[1:]) + f"--{boundary}--\n" + epilogue


def plain_cases():
    yield mail("plain", "", "Hello John,\n\nthis is plain text.\n")
    yield mail("no final newline", "", "first\nlast line without end")
    yield mail("empty body", "", "")
    yield mail("only blank lines in the body", "", "\n\n\n")
    yield mail("8-bit body without MIME", "", "Grüße aus München\n")
    yield mail("8-bit header", "Comments: Grüße\n", "x\n", subject="Grüße aus München")
    yield "latin-1 header", "From: J\xfcrgen <j@example.com>\nSubject: Gr\xfc\xdfe\n\nf\xfcr\n".encode("latin-1")
    yield bare("no header", "\njust a body\n")
    yield bare("no blank line", "From: ann@example.com\nSubject: header only\n")
    yield bare("no blank line and no newline", "From: ann@example.com\nSubject: header only")
    yield bare("no body", "From: ann@example.com\nSubject: no body\n\n")
    yield bare("empty file", "")
    yield bare("one newline", "\n")
    yield bare("one letter", "x")
    yield bare("a body that looks like no header", "This is not a header line at all\nnor this\n\nbody\n")
    yield bare("mbox From line first", "From ann Tue May 14 10:11:12 2024\nFrom: ann@example.com\nSubject: m\n\nx\n")
    yield bare("header line without colon in the middle", "From: a@example.com\nrubbish here\nSubject: s\n\nbody\n")
    yield bare("header name with blank before colon", "From : a@example.com\nSubject\t: s\nTo:b@example.com\n\nbody\n")
    yield bare("folded headers", "From: Ann\n <ann@example.com>\nSubject: a long\n\tfolded\n  subject\n"
               "To: a@example.com,\n\tb@example.com,\n c@example.com\n\nbody\n")
    yield bare("folded line of blanks only", "Subject: one\n \nFrom: a@example.com\n\nbody\n")
    yield bare("first line starts with blank", " folded nothing\nSubject: s\n\nbody\n")
    yield mail("NUL in the body", "", "before\0after\n")
    yield bare("NUL in the header", "From: a@example.com\nSubject: be\0fore\n\nbody\n")
    yield mail("bare CR in the body", "", "one\rtwo\r\rthree\n")
    yield bare("bare CR in the header", "From: a@example.com\nSubject: one\rtwo\n\nbody\n")
    yield bare("CRLF line ends", "From: a@example.com\r\nSubject: crlf\r\n\r\nbody\r\nmore\r\n")
    yield bare("mixed line ends", "From: a@example.com\r\nSubject: mixed\n\r\nbody\nmore\r\nlast\n")
    yield bare("ends with CR", "From: a@example.com\nSubject: cr\n\nbody\r")
    yield bare("ends with CR LF CR", "Subject: crs\r\n\r\nbody\r\n\r")
    yield mail("one long line", "", "x" * 30000 + "\n")
    yield bare("long header line", "From: a@example.com\nSubject: " + "word " * 1500 + "\n\nbody\n")
    yield bare("long header folded many times", "Subject: s\nX-Long:" + "\n word" * 800 +
        "\nFrom: a@example.com\n\nb\n")
    yield bare("long references", "Message-ID: <z@example.com>\nReferences: " +
               "\n ".join(f"<r{i}@example.com>" for i in range(150)) + "\nIn-Reply-To: <r149@example.com>\n\nb\n")
    yield mail("lines of dots and From", "", ".\n..\nFrom me\n>From you\n")
    yield mail("control characters", "", "".join(map(chr, range(1, 128))) + "\n")


def address_cases():
    addresses = [
        "ann@example.com", "<ann@example.com>", "Ann <ann@example.com>", '"Ann B. Cee" <ann@example.com>',
        "ann@example.com (Ann)", "(before) ann@example.com (after)", "Ann (a comment) Bee <ann@example.com>",
        '"quoted \\"inner\\" name" <ann@example.com>', '"back\\\\slash" <ann@example.com>',
        "Ann B. Cee <ann@example.com>",
        '"ann smith"@example.com', '"ann\\"smith"@example.com', "ann@[192.0.2.1]", "ann.b.c@example.com",
        "ann . b @ example . com",
        "<@a.example,@b.example:ann@example.com>", "Friends: ann@example.com, Bob <bob@example.com>;",
        "Undisclosed recipients:;", "undisclosed-recipients: ;", "a@example.com, Group: b@example.com; , c@example.com",
        '"A Group": "B" <b@example.com>, c@example.com;, d@example.com', "One: a@example.com; Two: b@example.com;",
        "Open group: a@example.com, b@example.com", "ann", "<ann>", "Ann <>", "<>", "Ann", "Ann Bee", "ann@",
        "@example.com",
        "a@example.com b@example.com", "a@example.com; b@example.com", ", , a@example.com, ,",
        "Ann <ann@example.com", "ann@example.com>",
        "=?utf-8?Q?J=C3=BCrgen?= <j@example.com>",
        "=?iso-8859-1?Q?J=FCrgen?= =?iso-8859-1?Q?_M=FCller?= <j@example.com>",
        '"=?utf-8?B?SsO8cmdlbg==?=" <j@example.com>', "Jürgen <j@example.com>", "jürgen@example.com", "j@exämple.com",
        "Ann <ann@example.com> trailing", "(nested (comment) here) ann@example.com", "(unclosed ann@example.com",
        '"unclosed ann@example.com',
        "Ann\tBee\t<ann@example.com>", "mailto:ann@example.com", "'Ann' <ann@example.com>",
        "Ann, Bee <ann@example.com>",
        "ann@example.com.", "ann..bee@example.com", ".ann@example.com", "a@b@example.com",
        "Ann <ann@example.com>, Bob <bob@example.com>",
        "Ann [Office] <ann@example.com>", "ann%host@example.com", "Ann:Bee <ann@example.com>", ";", ":", ":;", '""',
        '"" <ann@example.com>',
        '" " <ann@example.com>', "Ann <ann(comment)@example.com>", "Ann <ann@(comment)example.com>",
        "Ann <ann@example(x).com>",
        "\\Ann <ann@example.com>", "ann\\@x@example.com", "Ann <ann@example.com> (Boss)", "(only a comment)",
        "ann@example.com (one) (two)",
        "ann@example.com (with \\) paren)", "a" * 300 + "@example.com", "A@EXAMPLE.COM", "Ann <ann@exa mple.com>",
        "Ann <ann bee@example.com>",
        ", ".join(f"U{i} <u{i}@example.com>" for i in range(120)),
    ]
    for start in range(0, len(addresses), 3):
        group = addresses[start:start + 3] + [""] * 3
        yield bare(f"addresses {start}",
            f"From: {group[0]}\nTo: {group[1]}\nCc: {group[2]}\nSubject: addresses {start}\n\nx\n")
    yield bare("address headers twice",
        "From: a@example.com\nFrom: b@example.com\nTo: c@example.com\nTo: d@example.com\n"
               "Cc: e@example.com\nSubject: one\nSubject: two\nCc: f@example.com\n"
               "Date: Tue, 14 May 2024 10:11:12 +0200\n"
               "Date: Wed, 15 May 2024 10:11:12 +0200\nMessage-ID: <1@example.com>\nMessage-ID: <2@example.com>\n\nx\n")
    yield bare("sender and reply-to",
        "From: a@example.com\nSender: Bob <s@example.com>\nReply-To: r@example.com, q@example.com\n\nx\n")
    yield bare("empty sender and reply-to",
        "From: a@example.com\nSender:\nReply-To: \nTo:\nSubject:\nDate:\nMessage-ID:\n\nx\n")
    yield bare("no from but sender", "Sender: s@example.com\nSubject: x\n\nx\n")
    yield bare("all envelope fields",
        "Date: Mon, 1 Jan 2024 00:00:00 +0000\nSubject: all\nFrom: f@example.com\nSender: s@example.com\n"
               "Reply-To: r@example.com\nTo: t@example.com\nCc: c@example.com\nBcc: b@example.com\n"
               "In-Reply-To: <i@example.com> (comment) <j@example.com>\nMessage-ID: <m@example.com>\n\nx\n")
    yield bare("message ids of all kinds",
        "Message-ID: no brackets\nIn-Reply-To: Your message of Monday <x@y> and more\n\nx\n")
    yield bare("message id folded", "Message-ID:\n <long@example.com>\nSubject: folded\n id\n\nx\n")


def date_cases():
    dates = [
        "Tue, 14 May 2024 10:11:12 +0200", "14 May 2024 10:11:12 +0200", "Tue, 14 May 24 10:11:12 +0200",
        "Tue, 14 May 2024 10:11 +0200",
        "Tue, 14 May 2024 23:59:59 -0800", "Tue, 14 May 2024 00:30:00 +1200", "Tue, 14 May 2024 10:11:12 EST",
        "Tue, 14 May 2024 10:11:12 GMT",
        "Tue, 14 May 2024 10:11:12 UT", "Tue, 14 May 2024 10:11:12 Z", "Tue, 14 May 2024 10:11:12",
        "Tue, 14 May 2024 10:11:12 +0200 (CEST)",
        "Tue, 14 (comment) May 2024 10:11:12 +0200", "Tue,14 May 2024 10:11:12 +0200",
        "Tue, 4 May 99 10:11:12 +0000", "Sat, 31 Feb 2024 10:11:12 +0000",
        "Tuesday, 14-May-24 10:11:12 GMT", "2024-05-14 10:11:12", "Tue May 14 10:11:12 2024", "garbage",
        "Wed, 14 May 2024 10:11:12 +0200",
        "Tue, 14 may 2024 10:11:12 +0200", "Tue, 14 May 2024 10:11:60 +0000", "Tue, 14 May 2024 25:11:12 +0000",
        "1 Jan 1970 00:00:00 +0000",
        "Tue, 14 Mai 2024 10:11:12 +0200", "Thu, 29 Feb 2024 12:00:00 -0000", "Fri, 1 Jan 2100 00:00:00 +0000",
        "Tue, 14\n May 2024\n 10:11:12 +0200",
        "Tue, 14 May 102 10:11:12 +0200", "Tue, 14 May 2024 10:11:12 XYZ", "Tue, 14 May 2024 10:11:12 PDT",
    ]
    for n, date in enumerate(dates):
        yield bare(f"date {n}", f"From: a@example.com\nSubject: date {n}\nDate: {date}\n\nx\n")


def type_cases():
    types = [
        "text/plain", "TEXT/HTML; CHARSET=UTF-8", "text/plain; charset=\"utf-8\"; format=flowed",
        "text/plain;charset=utf-8;", "text", "text/",
        "/plain", "text/plain charset=utf-8", "text/plain; charset", "text/plain; charset=", "text/plain; =x",
        "text/plain;;; charset=a",
        "text/plain; charset=utf-8; charset=iso-8859-1", "application/octet-stream; name=\"a \\\"b\\\" c.bin\"",
        "text/plain; name=Grüße.txt",
        "text / plain ; charset = utf-8", "text/plain (comment); charset=us-ascii (another)",
        "application/x-thing; name=unquoted file.txt",
        "application/pdf; name*=utf-8''Gr%C3%BC%C3%9Fe.pdf",
        "application/pdf; name*0=\"part one \"; name*1=\"part two.pdf\"",
        "application/pdf; name*0*=utf-8'de'Gr%C3%BC; name*1*=%C3%9Fe; name*2=\".pdf\"",
        "application/pdf; name*1=b; name*0=a",
        "application/pdf; name=\"=?utf-8?B?R3LDvMOfZS5wZGY=?=\"", "image/jpeg; name=\"a.jpg", "multipart/mixed",
        "multipart/mixed; boundary=\"\"",
        "message/rfc822", "message/delivery-status", "message/partial; id=x; number=1; total=2",
        "message/external-body; access-type=x",
        "garbage type here", "", ";", "text/plain; charset=\"a\\\\b\"",
        "text/plain;\n charset=utf-8;\n\tformat=flowed", "x-foo/x-bar.baz+json; a=1; b=2; c=3",
        "text/plain; a=\"" + "v" * 1200 + "\"", "text/calendar; method=REQUEST; charset=utf-8", "text/html",
    ]
    for n, value in enumerate(types):
        yield mail(f"type {n}", f"MIME-Version: 1.0\nContent-Type: {value}\n", "body of the text\nsecond line\n")
    encodings = ["7bit", "8bit", "binary", "base64", "quoted-printable", "BASE64", "x-uuencode", "",
        "7bit (comment)", "\"7bit\"", "quoted printable"]
    for n, value in enumerate(encodings):
        yield mail(f"encoding {n}",
            f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {value}\n",
                   base64.encodebytes("Grüße, needle in base64\n".encode()).decode() if value.lower() == "base64"
                   else "Gr=C3=BC=C3=9Fe needle\n")
    extension = [
        "Content-Disposition: inline\n", "Content-Disposition: attachment; filename=\"a b.txt\"\n",
        "Content-Disposition: ATTACHMENT; FILENAME=x; size=123\n",
        "Content-Disposition: attachment; filename*=utf-8''%e2%82%ac.txt\n", "Content-Disposition:\n",
        "Content-Disposition: attachment; filename=\n",
        "Content-Language: en\n", "Content-Language: en, de, fr-CA\n", "Content-Language: en (English), \"de\"\n",
        "Content-Location: http://example.com/a\n",
        "Content-Location:\n http://example.com/a/very/long/\n path\n", "Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\n",
        "Content-ID: <a@example.com>\n",
        "Content-Description: a part\n", "Content-Description: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n",
        "Content-Description: Grüße\n", "Content-ID: no brackets\n",
        "Content-MD5: x\nContent-Disposition: inline; a=b\nContent-Language: de\nContent-Location: here\n"
        "Content-ID: <i@x>\nContent-Description: d\n",
    ]
    for n, value in enumerate(extension):
        yield mail(f"extension {n}", "MIME-Version: 1.0\nContent-Type: text/plain\n" + value, "x\n")
    yield mail("no MIME-Version", "Content-Type: text/html; charset=utf-8\n", "<p>x</p>\n")
    yield mail("content type twice", "Content-Type: text/html\nContent-Type: text/plain; charset=utf-8\n", "x\n")


def word_cases():
    subjects = [
        "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=", "=?UTF-8?b?R3LDvMOfZQ==?=",
        "=?iso-8859-1?q?Gr=FC=DFe?= and =?iso-8859-1?q?more?=",
        "=?utf-8?Q?one?= =?utf-8?Q?two?=", "=?utf-8?Q?one?=\n =?utf-8?Q?two?=", "=?utf-8?Q?broken",
        "=?unknown-charset?Q?x=FFy?=",
        "=?utf-8*en?Q?with_language?=", "=?koi8-r?B?8NLJ18XU?=", "a=?utf-8?Q?glued?=b", "=?utf-8?Q?a_b=20c?=",
        "=?utf-8?X?bad?=",
        "=?iso-2022-jp?B?GyRCRnxLXDhsGyhC?=", "=?utf-8?B?R3LDvA==?= =?utf-8?B?w58=?= =?utf-8?B?ZQ==?=",
        "=?utf-8?Q?split=C3?= =?utf-8?Q?=BC?=",
        "needle   with    many     blanks", "\tneedle\ttab", "NEEDLE UPPER", "STRASSE straße", "Ǆ ǆ İ ı ſ",
        "Привет мир", "ПРИВЕТ", "e\u0301 \u00e9",
    ]
    for n, subject in enumerate(subjects):
        yield bare(f"subject {n}", f"From: a@example.com\nSubject: {subject}\nX-Case: {n}\n\nbody {n}\n")
