# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages written by hand about structure: multiparts of every kind, well-formed and broken."""
import base64

from cases import bare, mail, multipart

TEXT = "Content-Type: text/plain; charset=us-ascii\n\ntext part\n"
HTML = ("Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        "<p>Gr=C3=BC=C3=9Fe=\n needle</p>\n")
IMAGE = ("Content-Type: image/png; name=\"a.png\"\nContent-Transfer-Encoding: base64\nContent-ID: <img@example.com>\n"
         "Content-Disposition: attachment; filename=\"a.png\"\n\n" + base64.encodebytes(bytes(range(256)) * 3).decode())
INNER = "From: inner@example.com\nTo: t@example.com\nSubject: inner\nDate: Mon, 13 May 2024 09:00:00 +0000\n"


def nested(header, body):
    return "Content-Type: message/rfc822\n\n" + INNER + header + "\n" + body


def deep(levels, subtype="mixed"):
    text = TEXT
    for n in range(levels):
        text = f'Content-Type: multipart/{subtype}; boundary="d{n}"\n\n--d{n}\n{text}\n--d{n}--\n'
    return "MIME-Version: 1.0\n" + text.split("\n\n", 1)[0] + "\n", text.split("\n\n", 1)[1]


def deep_messages(levels):
    text = INNER + "\ninnermost\n"
    for n in range(levels):
        text = INNER.replace("inner", f"level-{n}") + "Content-Type: message/rfc822\n\n" + text
    return text


def whole_cases():
    for subtype in ("mixed", "alternative", "related", "parallel", "signed", "report", "x-unknown", "digest",
    "appledouble"):
        yield mail(f"multipart {subtype}", *multipart(subtype, TEXT, HTML, IMAGE))
    yield mail("one part", *multipart("mixed", TEXT))
    yield mail("preamble and epilogue", *multipart("mixed", TEXT, HTML, preamble="preamble\n\n",
        epilogue="\nepilogue\n"))
    yield mail("part without header", *multipart("mixed", "\nno header at all\n", TEXT))
    yield mail("part with header only", *multipart("mixed", "Content-Type: text/html\n", TEXT))
    yield mail("empty parts", *multipart("mixed", "", "\n", "\n\n", TEXT))
    yield mail("digest of messages", *multipart("digest", "\n" + INNER + "\nfirst\n", "\n" + INNER + "\nsecond\n",
                                                "Content-Type: text/plain\n\nnot a message\n"))
    yield mail("attached message", *multipart("mixed", TEXT, nested("", "attached body\n")))
    yield mail("attached multipart message", *multipart("mixed", TEXT, nested(*multipart("alternative", TEXT, HTML,
        boundary="b2"))))
    yield mail("attached message with attached message", *multipart(
        "mixed", TEXT, nested(*multipart("mixed", TEXT, nested("", "innermost\n"), boundary="b2"))))
    yield mail("the message is a message", "MIME-Version: 1.0\nContent-Type: message/rfc822\n", INNER +
        "\ninner body\n")
    yield mail("the message is a message that is multipart", "MIME-Version: 1.0\nContent-Type: message/rfc822\n",
               INNER + "\n".join(multipart("mixed", TEXT, HTML)))
    yield mail("attached message empty", *multipart("mixed", "Content-Type: message/rfc822\n\n", TEXT))
    yield mail("attached message without blank line", *multipart("mixed", "Content-Type: message/rfc822\n\n" +
        INNER, TEXT))
    yield mail("attached message in base64", *multipart("mixed",
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" +
                                                       base64.encodebytes((INNER + "\nx\n").encode()).decode()))
    yield mail("extension data of a multipart", *multipart(
        "mixed", TEXT, extra='; type="text/html"; start="<a>"'))
    header, body = multipart("mixed", TEXT)
    yield mail("all extension data of a multipart", header +
        "Content-Disposition: inline; x=y\nContent-Language: de, en\n"
               "Content-Location: http://example.com/m\nContent-Description: multi\nContent-ID: <m@x>\n"
               "Content-MD5: zzz\n", body)
    yield mail("mixed in alternative in related", *multipart("mixed",
        "Content-Type: multipart/related; boundary=b2\n\n--b2\n"
               "Content-Type: multipart/alternative; boundary=b3\n\n--b3\n" + TEXT + "--b3\n" + HTML +
               "--b3--\n\n--b2\n" + IMAGE + "--b2--\n", TEXT))
    yield mail("ten parts", *multipart("mixed", *[f"Content-Type: text/x-{n}\n\npart {n}\n" for n in range(10)]))
    yield mail("two hundred parts", *multipart("mixed", *[f"Content-ID: <{n}@x>\n\npart {n}\n" for n in range(200)]))
    yield mail("fifteen deep", *deep(15))
    yield mail("ten deep, alternating", *deep(10, "alternative"))
    yield bare("twelve messages deep", deep_messages(12))
    yield mail("delivery report", *multipart(
        "report", TEXT, "Content-Type: message/delivery-status\n\nReporting-MTA: dns; example.com\n\n"
                        "Final-Recipient: rfc822; x@y\nAction: failed\n",
        "Content-Type: text/rfc822-headers\n\n" + INNER, extra="; report-type=delivery-status"))


def broken_cases():
    start, body = multipart("mixed", TEXT, HTML)
    yield mail("end boundary missing", start, body.replace("--b1--\n", ""))
    yield mail("end boundary missing, no final newline", start, body.replace("--b1--\n", "").rstrip("\n"))
    yield mail("boundary never occurs", start.replace("b1", "other"), body)
    yield mail("boundary in text after the end", start, body + "--b1\nContent-Type: text/html\n\nlate\n--b1--\n")
    yield mail("boundary with trailing blanks", start, body.replace("--b1\n", "--b1  \t\n"))
    yield mail("boundary with trailing text", start, body.replace("--b1\n", "--b1x\n", 1))
    yield mail("boundary is the prefix of another", start, body.replace("text part\n", "--b1-longer\ntext part\n"))
    yield mail("end boundary without newline", start, body.rstrip("\n"))
    yield mail("body starts with the end boundary", start, "--b1--\n")
    yield mail("only a boundary", start, "--b1\n")
    yield mail("only a boundary, no newline", start, "--b1")
    yield mail("empty multipart", start, "")
    yield mail("same boundary in both levels", start, "--b1\nContent-Type: multipart/mixed; boundary=b1\n\n--b1\n" +
        TEXT + "--b1--\n--b1--\n")
    yield mail("inner boundary begins with the outer", start,
        "--b1\nContent-Type: multipart/mixed; boundary=b1inner\n\n--b1inner\n" + TEXT +
               "--b1inner--\n--b1--\n")
    yield mail("inner multipart cut by the outer boundary", start,
        "--b1\nContent-Type: multipart/mixed; boundary=b2\n\n--b2\n" + TEXT +
               "--b1\n" + TEXT + "--b1--\n")
    yield mail("header cut by the boundary", start, "--b1\nContent-Type: text/html\n--b1\n" + TEXT + "--b1--\n")
    yield mail("boundary of 70 characters", *multipart("mixed", TEXT, boundary="x" * 70))
    yield mail("boundary of 200 characters", *multipart("mixed", TEXT, boundary="y" * 200))
    yield mail("boundary with blanks and specials", *multipart("mixed", TEXT, boundary="a b'()+_,-./:=?"))
    yield mail("boundary not quoted", start.replace('"b1"', "b1"), body)
    yield mail("boundary folded", start.replace("; boundary", ";\n\tboundary"), body)
    yield mail("boundary with trailing blank in the parameter", start.replace('"b1"', '"b1 "'), body)
    yield mail("attached message cut by the boundary", start, "--b1\nContent-Type: message/rfc822\n\n" + INNER +
        "--b1--\n")
    yield mail("attached multipart without its end", start, "--b1\n" +
        nested("Content-Type: multipart/mixed; boundary=b2\n", "--b2\n" + TEXT) + "--b1--\n")
    yield mail("multipart in base64", start + "Content-Transfer-Encoding: base64\n", body)
    yield mail("digest whose part is multipart", *multipart("digest", "\n" + INNER + "\n".join(multipart("mixed",
        TEXT, boundary="b2"))))
    yield bare("multipart with CRLF", ("From: a@example.com\n" + "\n".join((start, body))).replace("\n", "\r\n"))
    yield bare("boundary lines CRLF, text LF", "From: a@example.com\n" + start + "\n" +
        body.replace("--b1\n", "--b1\r\n").replace("--b1--\n", "--b1--\r\n"))
    yield mail("blank lines before boundaries", start, body.replace("--b1", "\n\n--b1"))
    yield mail("boundary line inside a longer line", start, body.replace("text part\n", "text --b1 part\n"))
    yield mail("no blank line before the first boundary", start.rstrip("\n") + "\n", body)
    yield mail("quoted-printable soft breaks at the end",
        "MIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n",
               "nee=\ndle =\n\n=ZZ =3D =\n=")
    yield mail("base64 with rubbish",
        "MIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n",
        "bmVl!!ZGxl\n\nbW9yZQ=\n=trailing\n")
    yield mail("base64 unpadded",
        "MIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n", "bmVlZGxl\nbmVlZGxlcw\n")
    yield mail("latin-1 body in quoted-printable", "MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\n"
               "Content-Transfer-Encoding: quoted-printable\n", "Gr=FC=DFe aus M=FCnchen\n")
    yield mail("koi8-r body in base64",
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n",
               base64.encodebytes("Привет, мир\n".encode("koi8-r")).decode())
    yield mail("utf-16 body",
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n",
               base64.encodebytes("needle in utf-16\n".encode("utf-16")).decode())
    yield mail("unknown charset", "MIME-Version: 1.0\nContent-Type: text/plain; charset=x-nowhere\n", "needle Grüße\n")
