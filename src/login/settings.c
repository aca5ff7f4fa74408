/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The login program's settings, with Courier's names and defaults that are safe. */
#include "login/settings.h"

#include <pwd.h>
#include <sys/utsname.h>

#include "basic/clock.h"
#include "basic/log.h"
#include "basic/setting.h"
#include "basic/text.h"
#include "imap-proto/capability.h"

enum {
        TIMEOUT_SEC = 60,
        DELAY_SEC = 2,
        UID_MIN = 100,
};

/* Bits of IMAP_ID_FIELDS. */
enum { ID_VERSION = 1, ID_OS = 2, ID_OS_VERSION = 4 };

static char *service_for(const ClientAddress *address) {
        _cleanup_free_ char *name = text_printf("AUTHSERVICE%s", address->local_port);

        return setting_text(name, "imap");
}

/* Unset: required wherever the password would cross a wire. Set: as Courier has it, except
 * that a missing STARTTLS does not silently allow what was forbidden. */
static bool is_tls_required(const ClientAddress *address) {
        if (!setting_is_set("IMAP_TLS_REQUIRED"))
                return !address->loopback;
        return setting_flag("IMAP_TLS_REQUIRED", false);
}

static char *capability_text(bool tls, bool tls_offered, bool login_disabled) {
        _cleanup_free_ char *configured = imap_capability_setting(tls);
        CapabilityFacts facts = {
                .configured = configured,
                .tls = tls,
                .tls_offered = tls_offered && !tls,
                .login_disabled = login_disabled && !tls,
        };

        return imap_capability_text(&facts);
}

static char *id_text(void) {
        _cleanup_buffer_ Buffer text = { 0 };
        uint64_t fields = setting_number("IMAP_ID_FIELDS", 0, 0, 7);
        struct utsname system;

        buffer_append_text(&text, "(\"name\" \"Courier-IMAP\"");
        if (fields & ID_VERSION)
                buffer_append_text(&text, " \"version\" \"" PROJECT_VERSION "\"");
        if ((fields & (ID_OS | ID_OS_VERSION)) && uname(&system) == 0) {
                if (fields & ID_OS)
                        buffer_printf(&text, " \"os\" \"%s\"", system.sysname);
                if (fields & ID_OS_VERSION)
                        buffer_printf(&text, " \"os-version\" \"%s\"", system.release);
        }
        buffer_append_char(&text, ')');
        return buffer_take_text(&text);
}

static void find_front_user(LoginSettings *settings) {
        _cleanup_free_ char *name = setting_text("COURIER_LOGIN_USER", "courier-login");
        const struct passwd *entry = getpwnam(name);

        if (!entry) {
                log_report(LOG_WARNING, "There is no user '%s', using 'nobody'.", name);
                entry = getpwnam("nobody");
        }
        settings->front_uid = entry ? entry->pw_uid : 65534;
        settings->front_gid = entry ? entry->pw_gid : 65534;
}

LoginSettings login_settings_read(const ClientAddress *address) {
        LoginSettings settings = {
                .timeout_usec = setting_number("IMAP_LOGIN_TIMEOUT", TIMEOUT_SEC, 1, 3600) *
                                USEC_PER_SEC,
                .delay_usec = setting_number("IMAP_LOGIN_DELAY", DELAY_SEC, 0, 60) * USEC_PER_SEC,
                .uid_min = (uid_t) setting_number("AUTH_UID_MIN", UID_MIN, 1, UINT32_MAX - 1),
                .modules = setting_text("AUTHMODULES", "pam"),
                .service = service_for(address),
                .skeleton = setting_text("AUTH_MKHOMEDIR_SKEL", NULL),
                .empty_root = setting_text("COURIER_EMPTY_ROOT", "/usr/share/courier-imapd/empty"),
                .tls = setting_flag("IMAP_TLS", false),
                .id = id_text(),
                .default_domain = setting_text("DEFDOMAIN", NULL),
                .domain_separators = setting_text("DOMAINSEP", NULL),
        };

        settings.tls_offered = !settings.tls && (setting_is_set("IMAP_STARTTLS")
                                                         ? setting_yes("IMAP_STARTTLS", false)
                                                         : setting_yes("IMAPDSTARTTLS", true));
        settings.login_disabled = !settings.tls && is_tls_required(address);
        settings.capability = capability_text(false, settings.tls_offered, settings.login_disabled);
        settings.capability_tls = capability_text(true, false, false);
        find_front_user(&settings);
        return settings;
}

void login_settings_done(LoginSettings *settings) {
        free(settings->modules);
        free(settings->service);
        free(settings->skeleton);
        free(settings->empty_root);
        free(settings->capability);
        free(settings->capability_tls);
        free(settings->id);
        free(settings->default_domain);
        free(settings->domain_separators);
        *settings = (LoginSettings){ 0 };
}

TalkSettings login_settings_for_talk(const LoginSettings *settings) {
        return (TalkSettings){
                .capability = settings->capability,
                .capability_tls = settings->capability_tls,
                .id = settings->id,
                .default_domain = settings->default_domain,
                .domain_separators = settings->domain_separators,
                .client_fd = -1,
                .tls = settings->tls,
                .tls_offered = settings->tls_offered,
                .login_disabled = settings->login_disabled,
        };
}
