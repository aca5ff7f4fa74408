/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "basic/text.h"
#include "ipc/tls-record.h"

TEST("a request comes back as it went") {
        const TlsRequest request = { .service = "imap", .starttls = true, .local = "2001:db8::1",
                                     .remote = "198.51.100.7" };
        _cleanup_buffer_ Buffer packet = { 0 };
        _cleanup_(json_record_freep) JsonRecord *record = NULL;
        TlsRequest got = { 0 };

        CHECK(tls_request_write(&request, &packet));
        CHECK_TEXT(packet.data, "{\"version\":1,\"service\":\"imap\",\"starttls\":true,"
                                "\"local\":\"2001:db8::1\",\"remote\":\"198.51.100.7\"}");
        CHECK(tls_request_read(packet.data, packet.size, &record, &got));
        CHECK(got.starttls);
        CHECK_TEXT(got.local, "2001:db8::1");
        CHECK_TEXT(got.remote, "198.51.100.7");
}

TEST("a request without version or service, or too long, is refused") {
        static const char *const bad[] = {
                "{}", "{\"version\":1}", "{\"service\":\"imap\"}", "{\"version\":2,\"service\":\"imap\"}", "x",
        };
        _cleanup_free_ char *text = memory_new(TLS_REQUEST_MAX + 1, 1);
        _cleanup_buffer_ Buffer packet = { 0 };
        JsonRecord *record = NULL;
        TlsRequest request;

        for (size_t i = 0; i < ELEMENTSOF(bad); i++)
                CHECK(!tls_request_read(bad[i], strlen(bad[i]), &record, &request));
        memset(text, 'x', TLS_REQUEST_MAX);
        CHECK(!tls_request_write(&(TlsRequest) { .service = text }, &packet));
}

TEST("a success comes back as it went; the last of a repeated subject field wins") {
        _cleanup_tls_record_ TlsRecord record = { .protocol = text_dup("TLSv1.3"),
                .cipher = text_dup("TLS_AES_256_GCM_SHA384"), .bits = 256,
                .server_name = text_dup("mail.example.com"), .alpn = text_dup("imap") };
        _cleanup_tls_record_ TlsRecord got = { 0 };
        _cleanup_buffer_ Buffer packet = { 0 };

        tls_record_add_subject(&record, "CN", "old");
        tls_record_add_subject(&record, "CN", "john");
        tls_record_write(&record, &packet);
        CHECK_TEXT(packet.data, "{\"result\":\"ok\",\"protocol\":\"TLSv1.3\","
                   "\"cipher\":\"TLS_AES_256_GCM_SHA384\",\"bits\":256,\"server_name\":\"mail.example.com\","
                   "\"alpn\":\"imap\",\"subject\":{\"CN\":\"john\"}}");
        CHECK(tls_record_read(packet.data, packet.size, &got));
        CHECK_TEXT(got.cipher, "TLS_AES_256_GCM_SHA384");
        CHECK_NUMBER(got.bits, 256);
        CHECK_NUMBER(got.n_subject, 1);
        CHECK_TEXT(got.subject[0].value, "john");
        CHECK(!got.message);
}

TEST("a failure has a message whatever happens, and no control characters in it") {
        static const char *const packets[] = { "{\"result\":\"fail\",\"message\":\"a\\nb\"}",
                                               "{\"result\":\"fail\"}" };
        static const char *const messages[] = { "a?b", "no reason given" };

        for (size_t i = 0; i < ELEMENTSOF(packets); i++) {
                _cleanup_tls_record_ TlsRecord got = { 0 };

                CHECK(tls_record_read(packets[i], strlen(packets[i]), &got));
                CHECK_TEXT(got.message, messages[i]);
        }
}

TEST("an incomplete success is refused; fields with names for mischief are left out") {
        const char *packet = "{\"result\":\"ok\",\"protocol\":\"TLSv1.3\",\"cipher\":\"X\",\"bits\":1,"
                             "\"subject\":{\"A=B\":\"1\",\"\":\"2\",\"UID\":\"ann\"}}";
        _cleanup_tls_record_ TlsRecord got = { 0 };

        CHECK(!tls_record_read("{\"result\":\"ok\"}", 15, &got));
        CHECK(tls_record_read(packet, strlen(packet), &got));
        CHECK_NUMBER(got.n_subject, 1);
        CHECK_TEXT(got.subject[0].name, "UID");
}

TESTS_END
