/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "basic/text.h"
#include "harness.h"
#include "tls/certificate-table.h"
#include "tls/self-signed.h"

static char directory[] = "/tmp/test-certificate-table-XXXXXX";

static char *path_of(const char *name) {
        return text_printf("%s/%s", directory, name);
}

static void add(const char *name) {
        _cleanup_free_ char *path = NULL;

        CHECK(mkdtemp(directory) || true); /* the template is a name by the second call */
        path = path_of(name);
        CHECK(self_signed_ensure(path) == 0);
}

static void drop(const char *name) {
        _cleanup_free_ char *path = path_of(name);

        CHECK(unlink(path) == 0);
}

static CertificateTable *make_table(void) {
        _cleanup_free_ char *file = path_of("imapd.pem"), *fallback = path_of("made.pem");
        CertificateTable *table = certificate_table_new(file, NULL, fallback);

        certificate_table_refresh(table);
        return table;
}

TEST("a name finds its own file, then that of its parents, then the address, then the default") {
        _cleanup_(certificate_table_freep) CertificateTable *table = NULL;
        const Certificate *standard, *domain, *exact, *address;

        add("imapd.pem");
        add("imapd.pem.example.com");
        add("imapd.pem.Mail.Example.org");
        add("imapd.pem.192.0.2.10");
        table = make_table();
        standard = certificate_table_default(table);
        domain = certificate_table_find(table, "example.com", NULL);
        exact = certificate_table_find(table, "mail.example.org", NULL);
        address = certificate_table_find(table, NULL, "192.0.2.10");
        CHECK(standard && domain && exact && address);
        CHECK(domain != standard && exact != standard && address != standard && domain != exact);
        CHECK(certificate_table_find(table, "a.b.EXAMPLE.com", NULL) == domain);
        CHECK(certificate_table_find(table, "MAIL.example.ORG", "192.0.2.10") == exact);
        CHECK(certificate_table_find(table, "example.org", NULL) == standard);
        CHECK(certificate_table_find(table, "notexample.com", NULL) == standard);
        CHECK(certificate_table_find(table, "example.net", "::ffff:192.0.2.10") == address);
        CHECK(certificate_table_find(table, NULL, "192.0.2.11") == standard);
        CHECK(certificate_table_find(table, NULL, NULL) == standard);
}

TEST("a name that would be a path, or is none, is as good as no name") {
        static const char *const names[] = { "", ".", "..", "../imapd.pem", "/etc/passwd", ".example.com",
                                             "a..example.com", "a/example.com", "\xff" };
        _cleanup_(certificate_table_freep) CertificateTable *table = make_table();
        char longest[600];

        for (size_t i = 0; i < ELEMENTSOF(names); i++)
                CHECK(certificate_table_find(table, names[i], NULL) == certificate_table_default(table));
        memset(longest, 'a', sizeof(longest));
        strcpy(longest + sizeof(longest) - 13, ".example.com");
        CHECK(certificate_table_find(table, longest, NULL) == certificate_table_default(table));
}

TEST("what editors and package tools leave behind is nobody's certificate") {
        _cleanup_(certificate_table_freep) CertificateTable *table = NULL;

        add("imapd.pem.dpkg-old");
        add("imapd.pem.bak");
        table = make_table();
        CHECK(certificate_table_find(table, "dpkg-old", NULL) == certificate_table_default(table));
        CHECK(certificate_table_find(table, "bak", NULL) == certificate_table_default(table));
}

TEST("files that come, change and go are noticed; the default stays until it is replaced") {
        _cleanup_(certificate_table_freep) CertificateTable *table = make_table();
        const Certificate *before = certificate_table_default(table);

        certificate_table_refresh(table);
        CHECK(certificate_table_default(table) == before);
        add("imapd.pem.new.example.net");
        certificate_table_refresh(table);
        CHECK(certificate_table_find(table, "new.example.net", NULL) != before);
        drop("imapd.pem.new.example.net");
        drop("imapd.pem");
        certificate_table_refresh(table);
        CHECK(certificate_table_find(table, "new.example.net", NULL) == before);
        add("imapd.pem");
        certificate_table_refresh(table);
        CHECK(certificate_table_default(table));
}

TEST("without a default the made one serves") {
        _cleanup_(certificate_table_freep) CertificateTable *table = NULL;

        drop("imapd.pem");
        table = make_table();
        CHECK(!certificate_table_find(table, NULL, NULL));
        add("made.pem");
        certificate_table_refresh(table);
        CHECK(certificate_table_find(table, NULL, NULL) && !certificate_table_default(table));
}

TEST("a made certificate is good for nearly a year and its file closed to others") {
        _cleanup_free_ char *path = path_of("made.pem");
        _cleanup_(certificate_freep) Certificate *certificate = NULL;
        struct stat st;

        CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
        CHECK_NUMBER(certificate_load(path, NULL, &certificate), CERTIFICATE_DONE);
        CHECK(certificate && certificate_days_left(certificate) >= 363);
}

TEST("nothing is left behind") {
        static const char *const names[] = { "imapd.pem.example.com", "imapd.pem.Mail.Example.org",
                "imapd.pem.192.0.2.10", "imapd.pem.dpkg-old", "imapd.pem.bak", "made.pem" };

        for (size_t i = 0; i < ELEMENTSOF(names); i++)
                drop(names[i]);
        CHECK(rmdir(directory) == 0);
}

TESTS_END
