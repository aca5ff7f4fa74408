/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Courier's TLS settings, with the old spellings that are still in people's files. */
#include "tls/tls-settings.h"

#include <openssl/ssl.h>
#include <pwd.h>
#include <unistd.h>

#include "basic/log.h"
#include "basic/setting.h"
#include "basic/text.h"

static const char default_certificate[] = "/etc/courier/imapd.pem";
static const char default_state_directory[] = "/var/lib/courier-imapd";

bool tls_versions_from_text(const char *text, TlsVersions *ret_versions) {
        static const struct {
                const char *text;
                TlsVersions versions;
        } table[] = {
                { "",          { TLS1_2_VERSION, false } },
                { "TLSv1",     { TLS1_VERSION,   false } },
                { "TLSv1.1",   { TLS1_1_VERSION, false } },
                { "TLSv1.1+",  { TLS1_1_VERSION, false } },
                { "TLSv1.1++", { TLS1_1_VERSION, false } },
                { "TLSv1.2",   { TLS1_2_VERSION, false } },
                { "TLSv1.2+",  { TLS1_2_VERSION, false } },
                { "TLSv1.2++", { TLS1_2_VERSION, true } },
                { "TLSv1.3++", { TLS1_3_VERSION, true } },
        };

        for (size_t i = 0; i < ELEMENTSOF(table); i++)
                if (text_equal(table[i].text, text ? text : "")) {
                        *ret_versions = table[i].versions;
                        return true;
                }
        *ret_versions = table[0].versions;
        return false;
}

static TlsVersions read_versions(const char *name, const char *text) {
        TlsVersions versions;

        if (!tls_versions_from_text(text, &versions))
                log_report(LOG_WARNING, "Setting %s='%s' is not known: TLS 1.2 and later are"
                           " accepted. (For TLS 1.3 alone write TLSv1.3++.)", name, text);
        else if (versions.minimum < TLS1_2_VERSION)
                log_report(LOG_WARNING, "Setting %s='%s' accepts versions of TLS that are no longer"
                           " safe (RFC 8996).", name, text);
        return versions;
}

size_t alpn_from_text(const char *text, unsigned char ret_wire[ALPN_WIRE_MAX]) {
        size_t used = 0;

        for (const char *at = text; *(at += strspn(at, ", \t"));) {
                size_t size = strcspn(at, ", \t");

                if (*at != '@' && size < 256 && used + 1 + size <= ALPN_WIRE_MAX) {
                        ret_wire[used++] = (unsigned char) size;
                        memcpy(ret_wire + used, at, size);
                        used += size;
                }
                at += size;
        }
        return used;
}

static VerifyPeer read_verify_peer(void) {
        const char *value = getenv("TLS_VERIFYPEER");

        switch (value ? char_to_lower(*value) : 'n') {
        case '\0':
        case 'n':
                return VERIFY_NONE;
        case 'p':
                return VERIFY_PEER;
        case 'r':
                return VERIFY_REQUIRE;
        default:
                log_report(LOG_WARNING, "Setting TLS_VERIFYPEER='%s' is not known: clients are"
                           " asked for a certificate, and a bad one is refused.", value);
                return VERIFY_PEER;
        }
}

static void read_worker_user(TlsSettings *settings) {
        _cleanup_free_ char *name = setting_text("COURIER_TLS_USER", "courier-tls");
        const struct passwd *entry;

        if (geteuid() != 0)
                return;
        entry = getpwnam(name);
        if (!entry) {
                log_report(LOG_WARNING, "There is no user '%s': workers run as 'nobody'.", name);
                entry = getpwnam("nobody");
        }
        settings->worker_uid = entry ? entry->pw_uid : 65534;
        settings->worker_gid = entry ? entry->pw_gid : 65534;
}

static bool read_isolation(void) {
        _cleanup_free_ char *value = setting_text("TLS_ISOLATION", "connection");

        if (text_equal(value, "shared"))
                return true;
        if (!text_equal(value, "connection"))
                log_report(LOG_WARNING, "Setting TLS_ISOLATION='%s' is neither 'connection' nor"
                           " 'shared': each connection gets a worker of its own.", value);
        return false;
}

static void warn_of_ignored(void) {
        static const char *const names[] = { "TLS_PRIORITY", "TLS_MIN_DH_BITS" };

        for (size_t i = 0; i < ELEMENTSOF(names); i++)
                if (setting_is_set(names[i]) && *getenv(names[i]))
                        log_report(LOG_WARNING, "Setting %s is for GnuTLS builds of Courier and is"
                                   " ignored: see TLS_PROTOCOL and TLS_CIPHER_LIST.", names[i]);
}

TlsSettings *tls_settings_read(void) {
        TlsSettings *settings = make(TlsSettings);
        _cleanup_free_ char *state = setting_text("STATE_DIRECTORY", default_state_directory);
        _cleanup_free_ char *protocol = setting_text("TLS_PROTOCOL", "");
        _cleanup_free_ char *starttls = setting_text("TLS_STARTTLS_PROTOCOL", protocol);
        _cleanup_free_ char *alpn =
                setting_text("TLS_ALPN", setting_is_set("TLS_ALPN") ? "" : "imap");

        settings->certificate_file = setting_text("TLS_CERTFILE", default_certificate);
        settings->key_file = setting_text("TLS_PRIVATE_KEYFILE", NULL);
        settings->fallback_file = text_printf("%s/imapd.pem", state);
        settings->trust_path = setting_text("TLS_TRUSTCERTS", NULL);
        settings->cipher_list = setting_text("TLS_CIPHER_LIST", NULL);
        settings->verify_peer = read_verify_peer();
        settings->implicit = read_versions("TLS_PROTOCOL", protocol);
        settings->starttls = text_equal(starttls, protocol) ? settings->implicit
                : read_versions("TLS_STARTTLS_PROTOCOL", starttls);
        settings->n_alpn = alpn_from_text(alpn, settings->alpn);
        settings->is_shared = read_isolation();
        read_worker_user(settings);
        warn_of_ignored();
        return settings;
}

TlsSettings *tls_settings_free(TlsSettings *settings) {
        if (!settings)
                return NULL;
        free(settings->certificate_file);
        free(settings->key_file);
        free(settings->fallback_file);
        free(settings->trust_path);
        free(settings->cipher_list);
        free(settings);
        return NULL;
}
