# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills a new Maildir with the mail of a demonstration account: demo-mail.py MAILDIR

Folders, threads, flags, HTML, attachments, inline pictures, forwarded messages, and subjects and texts in several
character sets, as they come in real mail. All people are invented.
"""
import datetime
import email.message
import email.policy
import email.utils
import os
import pathlib
import struct
import sys
import zlib

ANN, JOHN, MEI = "Ann Example <ann@example.com>", "John Example <john@example.com>", "梅 Example <mei@example.org>"
OLGA, JOSE = "Ольга Example <olga@example.net>", "José Example <jose@example.org>"
YUKI = "ユキ Example <yuki@example.net>"
LIST = "Garden list <garden@lists.example.org>"
START = datetime.datetime(2026, 10, 1, 8, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
POLICY = email.policy.SMTP.clone(linesep="\n")


def picture(red, green, blue, size=48):
    """A PNG in one colour with a darker border."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b""
    for y in range(size):
        rows += b"\0"
        for x in range(size):
            edge = min(x, y, size - 1 - x, size - 1 - y) < 4
            rows += bytes(value // 2 if edge else value for value in (red, green, blue))
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def document(line):
    """The smallest PDF that shows a line of text."""
    text = f"BT /F1 18 Tf 60 750 Td ({line}) Tj ET"
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
               f"<</Length {len(text)}>>stream\n{text}\nendstream", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    out, offsets = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj{one}endobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return (out + f"startxref\n{out.index('xref')}\n%%EOF\n").encode()


class Mail:
    """Writes messages in the order of their dates."""

    def __init__(self, maildir):
        self.maildir, self.n, self.time = pathlib.Path(maildir), 0, START
        self.folder("")

    def folder(self, name):
        path = self.maildir / f".{name}" if name else self.maildir
        for part in ("tmp", "new", "cur"):
            (path / part).mkdir(parents=True, exist_ok=True, mode=0o700)
        if name:
            (path / "maildirfolder").touch(mode=0o600)
            with open(self.maildir / "courierimapsubscribed", "a") as subscribed:
                subscribed.write(f"INBOX.{name}\n")
        return path

    def message(self, sender, subject, text, to=ANN, charset="utf-8", reply_to=None, **headers):
        """A message of plain text to build on; each is some hours younger than the one before."""
        self.n += 1
        self.time += datetime.timedelta(hours=7, minutes=13 * self.n % 60)
        message = email.message.EmailMessage(policy=POLICY)
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Date"] = email.utils.format_datetime(self.time)
        message["Message-ID"] = f"<demo-{self.n}@example.com>"
        if reply_to is not None:
            message["In-Reply-To"] = message["References"] = reply_to["Message-ID"]
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text, charset=charset)
        return message

    def put(self, message, folder="", flags="S"):
        """Into cur/ with flags, or into new/ when flags is None."""
        octets = message if isinstance(message, bytes) else message.as_bytes()
        path = self.maildir / f".{folder}" if folder else self.maildir
        if not path.exists():
            self.folder(folder)
        name = f"{int(self.time.timestamp())}.M{self.n:06d}P1.example,S={len(octets)}"
        target = path / "new" / name if flags is None else path / "cur" / f"{name}:2,{''.join(sorted(flags))}"
        target.write_bytes(octets)
        target.chmod(0o600)
        stamp = self.time.timestamp()
        os.utime(target, (stamp, stamp))
        return message


def write_inbox(mail):
    first = mail.put(mail.message(JOHN, "Walk on Sunday?", "Hello Ann,\n\nshall we walk around the lake on Sunday, "
                                  "if it stays dry?\n\nJohn\n"), flags="RS")
    mail.put(mail.message(ANN, "Re: Walk on Sunday?", "Yes! Ten o'clock at the bridge.\n\n> shall we walk around the "
                          "lake on Sunday\n\nAnn\n", to=JOHN, reply_to=first), "Sent")
    mail.put(mail.message(JOHN, "Re: Walk on Sunday?", "See you there. I bring tea.\n", reply_to=first))

    html = mail.message(JOSE, "Menú para la cena ✓", "Sopa, ensalada, tarta de limón.\n")
    html.add_alternative("<html><body><h1>Menú</h1><ul><li>Sopa<li>Ensalada<li><b>Tarta de limón</b></ul>"
                         "<img src=\"cid:table@example.org\"></body></html>\n", subtype="html")
    html.get_payload()[1].add_related(picture(210, 180, 60), "image", "png", cid="<table@example.org>",
                                      filename="mesa.png")
    mail.put(html, flags="FS")

    invoice = mail.message("Example Books <orders@example.net>", "Your invoice 2026-1017", "Dear customer,\n\nthe "
                           "invoice is attached.\n\nExample Books\n")
    invoice.add_attachment(document("Invoice 2026-1017: 2 books, 31.40"), "application", "pdf",
                           filename="Invoice 2026-1017.pdf")
    mail.put(invoice)

    mail.put(mail.message(OLGA, "Фотографии с дачи", "Привет, Аня!\n\nПосылаю фотографии.\n\nОльга\n",
                          charset="koi8-r"))
    photos = mail.message(OLGA, "Ещё фотографии", "Две штуки.\n")
    for name, colour in (("яблоки.png", (60, 160, 60)), ("река.png", (50, 90, 200))):
        photos.add_attachment(picture(*colour), "image", "png", filename=name)
    mail.put(photos)
    mail.put(mail.message(YUKI, "会議の時間", "木曜日の十時はいかがですか。\n\nユキ\n", charset="iso-2022-jp"))
    mail.put(mail.message(MEI, "照片收到了", "谢谢！\n\n梅\n", charset="gb18030"))
    mail.put(mail.message(JOSE, "Mañana", "¿A qué hora llegas mañana? Estaré en el café.\n", charset="iso-8859-1"))

    forwarded = mail.message(JOHN, "Fwd: Walk on Sunday?", "For the album, our plan as it was.\n")
    forwarded.add_attachment(first)
    mail.put(forwarded)
    mail.put(b"From: Old Machine <root@host.example.com>\nTo: ann@example.com\nSubject: disk report\n"
             b"Date: Mon, 19 Oct 2026 04:00:01 +0000\n\nNo MIME here, as in 1992.\n\n/dev/sda1  42% used\n")
    long_text = "This line is long, because the program that wrote it does not break lines and leaves that to others. "
    mail.put(mail.message(JOHN, "A very long subject that has to be folded into several lines because it explains "
                          "everything that the message says as well", long_text * 12 + "\n"))
    mail.put(mail.message(MEI, "Photos for tomorrow 📷", "Bring the camera, please.\n"), flags=None)
    mail.put(mail.message(JOHN, "Tea", "You left your flask here.\n", Importance="high"), flags=None)


def write_folders(mail):
    for number in range(1, 26):
        subject = f"[garden] {'Re: ' if number % 4 else ''}Apple trees, part {number // 4 + 1}"
        sender = (JOHN, OLGA, MEI, JOSE)[number % 4]
        mail.put(mail.message(sender, subject, f"Message {number} of the list.\n\nPrune in winter, water in summer.\n",
                              to=LIST, List_Id="<garden.lists.example.org>"), "Lists.Garden",
                 flags="S" if number < 20 else "")
    for year in (2024, 2025):
        for month in (3, 9):
            mail.time = START.replace(year=year, month=month)
            report = mail.message(JOHN, f"Report {year}-{month:02d}", "The numbers are in the table.\n")
            report.add_attachment(f"month;amount\n{month};{month * 100}\n", subtype="csv", filename="numbers.csv")
            mail.put(report, f"Archive.{year}")
    mail.time = START + datetime.timedelta(days=40)
    mail.put(mail.message(ANN, "Letter to the council", "Dear council,\n\n", to="council@example.org"), "Drafts", "D")
    mail.put(mail.message("Prize <win@example.net>", "You have won", "Nothing at all.\n"), "Trash", "ST")
    mail.put(mail.message(JOSE, "Billetes", "Los billetes están aquí.\n"), "Viajes y cafés", "S")
    mail.folder("Empty folder")


def main():
    mail = Mail(sys.argv[1])
    write_inbox(mail)
    write_folders(mail)


main()
