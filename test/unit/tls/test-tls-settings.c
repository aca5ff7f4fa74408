/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/ssl.h>

#include "basic/text.h"
#include "harness.h"
#include "tls/tls-settings.h"

TEST("TLS_PROTOCOL names the lowest version; what is unknown, or old, means 1.2") {
        static const struct {
                const char *text;
                int minimum;
                bool known, server_preference;
        } examples[] = {
                { NULL,              TLS1_2_VERSION, true,  false },
                { "",                TLS1_2_VERSION, true,  false },
                { "TLSv1",           TLS1_VERSION,   true,  false },
                { "TLSv1.1",         TLS1_1_VERSION, true,  false },
                { "TLSv1.1+",        TLS1_1_VERSION, true,  false },
                { "TLSv1.1++",       TLS1_1_VERSION, true,  false },
                { "TLSv1.2",         TLS1_2_VERSION, true,  false },
                { "TLSv1.2+",        TLS1_2_VERSION, true,  false },
                { "TLSv1.2++",       TLS1_2_VERSION, true,  true },
                { "TLSv1.3++",       TLS1_3_VERSION, true,  true },
                { "TLSv1.3",         TLS1_2_VERSION, false, false },
                { "TLS1",            TLS1_2_VERSION, false, false },
                { "SSL23",           TLS1_2_VERSION, false, false },
                { "SSL3",            TLS1_2_VERSION, false, false },
                { "TLSv1.2:TLSv1.1", TLS1_2_VERSION, false, false },
                { "tlsv1.2++",       TLS1_2_VERSION, false, false },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                TlsVersions versions = { 0 };

                CHECK_NUMBER(tls_versions_from_text(examples[i].text, &versions), examples[i].known);
                CHECK_NUMBER(versions.minimum, examples[i].minimum);
                CHECK_NUMBER(versions.server_preference, examples[i].server_preference);
        }
}

TEST("TLS_ALPN becomes octets of length and name; switches are left out") {
        unsigned char wire[ALPN_WIRE_MAX];
        char many[400];

        CHECK_NUMBER(alpn_from_text("imap", wire), 5);
        CHECK(memcmp(wire, "\4imap", 5) == 0);
        CHECK_NUMBER(alpn_from_text(" @server, imap,pop3 ", wire), 10);
        CHECK(memcmp(wire, "\4imap\4pop3", 10) == 0);
        CHECK_NUMBER(alpn_from_text("", wire), 0);
        memset(many, 'x', sizeof(many) - 1);
        many[sizeof(many) - 1] = '\0';
        CHECK_NUMBER(alpn_from_text(many, wire), 0);
        many[255] = '\0';
        CHECK_NUMBER(alpn_from_text(many, wire), 256);
}

TEST("what is not set is safe") {
        _cleanup_(tls_settings_freep) TlsSettings *settings = NULL;
        static const char *const names[] = { "TLS_CERTFILE", "TLS_PROTOCOL", "TLS_STARTTLS_PROTOCOL",
                                             "TLS_VERIFYPEER", "TLS_ALPN", "TLS_ISOLATION" };

        for (size_t i = 0; i < ELEMENTSOF(names); i++)
                unsetenv(names[i]);
        settings = tls_settings_read();
        CHECK_TEXT(settings->certificate_file, "/etc/courier/imapd.pem");
        CHECK(!settings->key_file && !settings->is_shared);
        CHECK_NUMBER(settings->verify_peer, VERIFY_NONE);
        CHECK_NUMBER(settings->implicit.minimum, TLS1_2_VERSION);
        CHECK_NUMBER(settings->starttls.minimum, TLS1_2_VERSION);
        CHECK_NUMBER(settings->n_alpn, 5);
}

TEST("TLS_STARTTLS_PROTOCOL replaces TLS_PROTOCOL for STARTTLS, and may refer to it") {
        TlsSettings *settings;

        setenv("TLS_PROTOCOL", "TLSv1.2++", 1);
        unsetenv("TLS_STARTTLS_PROTOCOL");
        settings = tls_settings_read();
        CHECK(settings->implicit.server_preference && settings->starttls.server_preference);
        settings = tls_settings_free(settings);
        setenv("TLS_STARTTLS_PROTOCOL", "$TLS_PROTOCOL", 1);
        settings = tls_settings_read();
        CHECK(settings->starttls.server_preference);
        settings = tls_settings_free(settings);
        setenv("TLS_STARTTLS_PROTOCOL", "TLSv1.3++", 1);
        settings = tls_settings_read();
        CHECK_NUMBER(settings->starttls.minimum, TLS1_3_VERSION);
        CHECK_NUMBER(settings->implicit.minimum, TLS1_2_VERSION);
        tls_settings_free(settings);
}

TESTS_END
