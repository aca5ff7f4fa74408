/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/transfer.h"

#include "harness.h"

static char *decode(const char *encoding, const char *text, size_t piece) {
        _cleanup_buffer_ Buffer out = { 0 };
        TransferDecoder decoder;

        transfer_decoder_init(&decoder, encoding);
        for (size_t at = 0, size = strlen(text); at < size; at += piece)
                transfer_decode(&decoder, text + at, MIN(piece, size - at), &out);
        transfer_decode_finish(&decoder, &out);
        return buffer_take_text(&out);
}

TEST("bodies are decoded, in pieces of any size") {
        static const struct {
                const char *encoding, *text, *want;
        } examples[] = {
                { "base64", "aGVs\r\nbG8=\r\n", "hello" }, { "BASE64", "aGVsbG8", "hello" },
                { "base64", "aGk=aGk=", "hihi" }, { "base64", "a!G k\n==", "hi" }, { "base64", "", "" },
                { "quoted-printable", "a=20b=3D=c3=BC", "a b=\xc3\xbc" },
                { "quoted-printable", "soft=\nbreak=\r\nhere= \t\r\n!", "softbreakhere!" },
                { "quoted-printable", "trailing \t\nx \r\ny", "trailing\nx\r\ny" },
                { "quoted-printable", "broken =x =4 =\x01 =", "broken =x =4 =\x01 " },
                { "quoted-printable", "a  b\t=41", "a  b\tA" }, { "quoted-printable", "==41=", "=A" },
                { "quoted-printable", "end ", "end " },
                { "7bit", "a=41\r\n", "a=41\r\n" }, { "x-unknown", "a=41", "a=41" }, { NULL, "a", "a" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                for (size_t piece = 1; piece < 12; piece++) {
                        _cleanup_free_ char *got = decode(examples[i].encoding, examples[i].text, piece);

                        CHECK_TEXT(got, examples[i].want);
                }
}

TEST("for the wire line ends of the file become CRLF, encoded ones and NULs stay") {
        static const struct {
                const char *encoding, *text, *want;
                size_t size, want_size;
        } examples[] = {
                { "7bit", "a\nb\r\nc\r", "a\r\nb\r\nc\r", 7, 8 },
                { "8bit", "\xff\0\n", "\xff\0\r\n", 3, 4 },
                { "binary", "\n\n", "\r\n\r\n", 2, 4 },
                { "base64", "YQpi\nDQoA\n", "a\nb\r\n\0", 10, 6 },
                { "quoted-printable", "a \nb=\n=0Ac\r\n=00", "a\r\nb\nc\r\n\0", 15, 9 },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                for (size_t piece = 1; piece < 12; piece++) {
                        _cleanup_buffer_ Buffer out = { 0 };
                        TransferDecoder decoder;

                        CHECK(transfer_decoder_init_wire(&decoder, examples[i].encoding));
                        for (size_t at = 0; at < examples[i].size; at += piece)
                                transfer_decode(&decoder, examples[i].text + at,
                                                MIN(piece, examples[i].size - at), &out);
                        transfer_decode_finish(&decoder, &out);
                        CHECK_NUMBER(out.size, examples[i].want_size);
                        CHECK(memcmp(out.data, examples[i].want, out.size) == 0);
                }
}

TEST("only known encodings are decoded for the wire") {
        TransferDecoder decoder;

        CHECK(transfer_decoder_init_wire(&decoder, "Quoted-Printable"));
        CHECK(!transfer_decoder_init_wire(&decoder, "x-uuencode"));
        CHECK(!transfer_decoder_init_wire(&decoder, ""));
}

TEST("encodings have names") {
        for (int i = 0; i < _TRANSFER_ENCODING_MAX; i++)
                CHECK_NUMBER(transfer_encoding_from_name(transfer_encoding_to_name((TransferEncoding) i)), i);
}

TESTS_END
