# SPDX-License-Identifier: GPL-3.0-or-later
"""The differences from Dovecot that we want, each with the sentence of the RFC that decides for us.

A row: checks and names of messages or searches (both patterns for the whole text), who decides. A row that no
difference needs any more is reported as a failure, so that the list never grows stale.
"""
import re

STRUCTURE = "BODY|BODYSTRUCTURE"
OCTETS = r"BODY\[section\]|partials"
FIELDS = r" BODY(\.PEEK)?\[(\d+\.)*HEADER\.FIELDS.*"

ROWS = [
    # Addresses and other texts of an envelope.
    ("ENVELOPE", r"folded headers|subject 1[56]",
     "RFC 5322, 2.2.3: 'Unfolding is accomplished by simply removing any CRLF that is immediately followed by WSP.' "
     "White space inside stays as it is; Dovecot makes one space of a run and of a tab."),
    ("ENVELOPE", r"message id folded",
     "RFC 5322, 3.6.4: msg-id = [CFWS] '<' id-left '@' id-right '>' [CFWS]: the space of the fold is no part of it."),
    ("ENVELOPE", r"NUL in the header|damaged 96",
     "RFC 3501, 9: CHAR8 = %x01-ff, so a NUL must become something else; as in BODY[HEADER] it is 0x80, "
     "in Dovecot's envelope U+FFFD."),
    ("ENVELOPE", r"bare CR in the header",
     "RFC 5322, 2.2: CR and LF are no part of a field body, but a bare CR has no meaning of its own either: it stays "
     "what it is, as in BODY[HEADER]; Dovecot writes a space."),
    ("ENVELOPE", r"address headers twice",
     "RFC 5322, 3.6: Date, Subject and Message-ID have a maximum number of 1, so neither the first nor the last one "
     "counts by rule; the first is what the other headers of a forged second one cannot replace."),
    ("ENVELOPE", r"addresses 12",
     "RFC 5322, 4.4: obs-local-part = word *('.' word), obs-domain = atom *('.' atom), where words and atoms have "
     "CFWS around them: 'ann . b @ example . com' is ann.b@example.com."),
    ("ENVELOPE", r"addresses 63",
     "RFC 5322, 3.2.4: 'Semantically, neither the optional CFWS outside of the quote characters nor the quote "
     "characters themselves are part of the quoted-string': what is in quotes is, also a single space."),
    ("ENVELOPE", r"addresses (21|27|30|33|45|48|51|54|57|60|66|75)|damaged (6|9|12|54)",
     "RFC 5322, 3.4: address-list = (address *(',' address)) / obs-addr-list. These are none, so the RFC gives them no "
     "meaning; we show every address that can be read, Dovecot stops at the first mistake."),

    # Content-Type and its parameters.
    (STRUCTURE, r"type (4|5|6|7|30|31|32)",
     "RFC 2045, 5.2: 'It is also recommend that this default [text/plain; charset=us-ascii] be assumed when a "
     "syntactically invalid Content-Type header field is encountered.'"),
    (STRUCTURE, r"type (10|12|17|23)",
     "RFC 2045, 5.1: parameter := attribute '=' value. A parameter without a name, a name that comes twice, a value "
     "with blanks and no quotes, and a quote that is never closed are no parameters; we show what can be read."),
    (STRUCTURE, r"damaged 120",
     "RFC 5322, 3.2.2: NUL is no part of any token; parameters behind it are read nevertheless."),
    ("BODYSTRUCTURE", r"extension 4",
     "RFC 2183, 2: disposition := 'Content-Disposition' ':' disposition-type *(';' disposition-parm): without a "
     "type there is no disposition, and body-fld-dsp is NIL."),
    ("BODYSTRUCTURE", r"extension 8",
     "RFC 3282, 2: Content-Language = 'Content-Language' ':' 1#Language-tag, with comments between; what follows "
     "a comment counts, too."),
    ("BODYSTRUCTURE", r"extension 10",
     "RFC 2557, 4.4.2: white space in a folded Content-Location 'MUST be ignored' when it is only folding."),
    (STRUCTURE, r"damaged 36",
     "RFC 2045, 6.1: the default of 7bit 'is assumed if the Content-Transfer-Encoding header field is not present'. "
     "Here it is present."),
    ("BODY|BODYSTRUCTURE|" + OCTETS, r"damaged 99.*",
     "RFC 2045, 4: without MIME-Version a mail agent 'may optionally choose to interpret the body of the message "
     "according to local conventions': Content- fields count wherever they are."),

    # Where a part ends.
    (STRUCTURE, r"attached multipart message|attached message with attached message|damaged 21|"
     r"attached message (without blank line|cut by the boundary)|digest whose part is multipart",
     "RFC 2046, 5.1.1: 'The CRLF preceding the boundary delimiter line is conceptually attached to the boundary', "
     "also behind an embedded message that ends with its own boundary or in its header."),
    (OCTETS, r"(attached multipart message|attached message with attached message|damaged 21|"
     r"attached message (without blank line|cut by the boundary)|digest whose part is multipart|"
     r"mixed in alternative in related|same boundary in both levels|inner boundary begins with the outer) .*",
     "RFC 2046, 5.1.1: 'The CRLF preceding the boundary delimiter line is conceptually attached to the boundary' and "
     "is no part of BODY[n]; nor is the boundary line itself a header field of the part that it ends."),
    (STRUCTURE, r"boundary of 200 characters",
     "RFC 2046, 5.1.1: boundaries have 'a length no longer than 70 characters'. A longer one is read all the same, "
     "with all of its characters."),
    (STRUCTURE + "|" + OCTETS, r"attached message in base64.*",
     "RFC 2046, 5.2.1: 'No encoding other than 7bit, 8bit, or binary is permitted for the body of a message/rfc822 "
     "entity.' What is encoded all the same is not read as a header."),

    # Octets without their transfer encoding.
    ("BINARY", r"encoding (7|9|10) .*",
     "RFC 3516, 3: 'Those without an explicit Content-Transfer-Encoding header are implicitly labeled as \"7bit\" "
     "content.' What cannot be read is none, and BODYSTRUCTURE says 7bit of these; Dovecot takes no encoding at all."),
    ("BINARY", r"attached message in base64 .*",
     "RFC 2046, 5.2.1, as above: the part in the message is what BODYSTRUCTURE says, in base64."),
    ("BINARY", r"(damaged (36|45|54|66)|base64 with rubbish) .*",
     "RFC 2045, 6.8: 'All line breaks or other characters not found in Table 1 must be ignored by decoding software'; "
     "and parts of the message that are whole are shown. Dovecot refuses the part, or the message."),
    ("BINARY", r"quoted-printable soft breaks at the end .*",
     "RFC 2045, 6.7, leaves to the reader what to do with a '=' before no digits; it stays, Dovecot refuses the part."),

    # SEARCH: the name is the program, and which of the two finds which message.
    ("SEARCH", r".*SENT.* » .* \(no date\)",
     "RFC 3501, 6.4.4: SENTBEFORE finds messages 'whose [RFC-2822] Date: header (disregarding time and timezone) is "
     "earlier'. One that has no date is not earlier, nor later; Dovecot takes it as 1 January 1970. Three old forms of "
     "dates that Dovecot does not read we do."),
    ("SEARCH", r".*BODY.* » only ours: .*\(embeds\).*",
     "RFC 3501, 6.4.4: BODY finds 'messages that contain the specified string in the body of the message'. The header "
     "of an attached message is in the body of the one that holds it; Dovecot leaves it out."),
    ("SEARCH", r".*(BODY|TEXT) .* » only ours: (encoding (6|7|9|10)|damaged 54)",
     "RFC 3501, 6.4.4: BODY means the body of the message; a part whose transfer encoding is unknown is in it, too, "
     "and is searched as it stands. Dovecot skips it."),
    ("SEARCH", r'.*(BODY|TEXT) "(?i:needle)".* » only ours: base64 with rubbish',
     "RFC 2045, 6.8: 'All line breaks or other characters not found in Table 1 must be ignored by decoding software.'"),
    ("SEARCH", r".*(BODY|TEXT) .* » only Dovecot: unknown charset",
     "RFC 2045, 4 and RFC 2046, 4.1.2: what octets above 127 mean is said by the charset alone; Dovecot guesses UTF-8 "
     "where it does not know the charset, we guess nothing."),
    ("SEARCH", r".*(BODY|TEXT) .* » only Dovecot: damaged 36 .*",
     "RFC 2045, 6.7: of octets greater than 126 in quoted-printable data 'a robust implementation might exclude "
     "them from "
     "the decoded data'; that the part is quoted-printable is the difference above."),
    ("SEARCH", r".*(BODY|TEXT) .* » only ours: (damaged 120|damaged 99.*)",
     "The differences in BODYSTRUCTURE above: another charset, other parts."),
    ("SEARCH", r".*TEXT \"inner\".* » only ours: attached message in base64.*",
     "RFC 2046, 5.2.1 again: what is encoded although it must not be is searched decoded, as any part."),
    ("SEARCH", r".*(SUBJECT|TEXT) .* » only ours: latin-1 header .*",
     "RFC 5322, 2.2: octets above 127 have no meaning in a header; those that are not UTF-8 are read as ISO 8859-1, "
     "as their writer meant them."),
    ("SEARCH", r".*(SUBJECT|HEADER Subject) .* » only ours: subject 7 .*",
     "RFC 2231, 5: encoded-word := '=?' charset ['*' language] '?' encoding '?' encoded-text '?='."),
    ("SEARCH", r".*(FROM|TO|CC|BCC) \"a\".* » only Dovecot: (addresses (24|57|60)|damaged (15|78)).*",
     "RFC 3501, 6.4.4: TO finds what is 'in the envelope structure's TO field'; MISSING_MAILBOX, which Dovecot finds "
     "there, is its own invention."),
    ("SEARCH", r".*(FROM|TO|CC|BCC) .* » (only ours: (addresses (33|42|45|48|51|54|66|69|75)|damaged (9|144))|"
     r"only Dovecot: addresses 66).*",
     "RFC 5322, 3.4 again: what is no address list has no meaning. We look into the header's text, as Courier does, "
     "and so find what stands behind the mistake, or beside a comment in the middle of an address."),
    ("SEARCH", r".*(TEXT|BODY) \"(x1 |needle hay)\".* » only ours: .*",
     "RFC 9051, 6.4.4: comparators beyond case are the server's choice; as with Courier a run of white space, also "
     "the end of a line, equals one space."),
    ("SEARCH", r"512:\* » only ours: .*",
     "RFC 3501, 9, seq-range: '*' is the largest number in use and the order of a range does not matter: 512:* is "
     "413:512, "
     "and 413 is there."),

    # SORT and THREAD: the name is the program and the message that stands elsewhere.
    ("SORT", r"\(.*(DATE|ARRIVAL)\) » (date (16|17|18|24|29)|damaged (96|135))",
     "RFC 5256, 2.2: the internal date is taken if 'the sent date cannot be determined (a Date: header is missing or "
     "cannot be parsed)'. Three old forms of dates Dovecot cannot parse, and 1 January 1970 is to it no date."),
    ("SORT", r"\(.*(CC|TO|FROM|SIZE|ARRIVAL)\) » (addresses .*|damaged (9|15|78|144))",
     "RFC 5256, 3: FROM is '[IMAP] addr-mailbox of the first From address': what ENVELOPE shows, with its "
     "differences."),
    ("SORT", r"\(.*DISPLAYFROM\) » latin-1 header",
     "RFC 5322, 2.2: octets above 127 have no meaning in a header; those that are not UTF-8 are read as ISO 8859-1."),
    ("SORT|THREAD", r".* » (latin-1 header|subject (0|1|13))",
     "The same of a subject; the other subjects are what the octets mean then, and come into one thread with it."),
    ("SORT", r"\(.*SUBJECT.*\) » (subject 7|long header line)",
     "RFC 2231, 5: encoded-word := '=?' charset ['*' language] '?' encoding '?' encoded-text '?='."),
    ("SORT", r"\(.*SUBJECT.*\) » subject 19",
     "RFC 5051, 2: U+01C4 has the titlecase U+01C5, whose decomposition is U+0044 U+007A U+030C; Dovecot leaves what "
     "has only a compatibility decomposition as it is."),

    # The blank line behind a header.
    (OCTETS, r"(no blank line|no blank line and no newline|empty file|one letter|attached message empty|"
     r"damaged (42|81|93|108|117|129|141|147))" + FIELDS,
     "RFC 3501, 6.4.5: 'The blank line is included in all header fetches, except in the case of a message which has no "
     "body and no blank line.'"),
]

# What only Dovecot 2.4 (Debian 13) does otherwise.
ROWS_SINCE_2_4 = [
    (STRUCTURE, r"type (18|20)|extension 3",
     "RFC 2231, 6: 'servers SHOULD decode parameter value continuations', and of character sets it says nothing. name* "
     "with charset and language stays what its writer wrote; decoded by Dovecot it is UTF-8, which a client that has "
     "not enabled UTF8=ACCEPT is not to meet in a string (RFC 6855, 3)."),
    ("partials", r".* \(ours is what Dovecot's own whole section has\)",
     "RFC 3501, 6.4.5: a partial is octets 'of the desired text' from 'the octet position of the first desired octet'. "
     "Dovecot begins one octet early when that is the LF of a line's end."),
]


class Allowed:
    def __init__(self, dovecot):
        """dovecot is its version, major and minor number."""
        self.rows = ROWS + ROWS_SINCE_2_4 if dovecot >= (2, 4) else ROWS
        self.used = set()

    def reason(self, check, name):
        for number, (checks, names, why) in enumerate(self.rows):
            if re.fullmatch(checks, check) and re.fullmatch(names, name, re.DOTALL):
                self.used.add(number)
                return why
        return None

    def unused(self):
        return [row for number, row in enumerate(self.rows) if number not in self.used]
