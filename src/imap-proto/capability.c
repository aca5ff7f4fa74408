/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of capabilities (RFC 9051, section 7.2.2). */
#include "imap-proto/capability.h"

#include "basic/buffer.h"
#include "basic/setting.h"
#include "basic/text.h"
#include "imap-proto/imap-limits.h"

typedef enum CapabilityUse {
        USE_ALWAYS,
        USE_BEFORE_LOGIN,
        USE_AFTER_LOGIN,
        USE_WITH_MAGIC_TRASH,
        USE_WITH_MESSAGE_LIMIT,
        USE_FOR_PASSWORDS, /* before login, where passwords are taken */
        USE_WHEN_TLS_OFFERED,
        USE_WHEN_LOGIN_DISABLED,
} CapabilityUse;

/*
 * A `state` word is told by the state alone; a configured text cannot hide it, because
 * clients decide by it (and Courier adds it in the same way).
 */
static const struct {
        const char *word;
        CapabilityUse use;
        bool state;
        uint64_t (*value)(void); /* is told behind the word */
} capabilities[] = {
        { "IMAP4rev1",     USE_ALWAYS,              true  },
        { "IMAP4rev2",     USE_ALWAYS,              false },
        { "LITERAL+",      USE_ALWAYS,              false },
        { "UIDPLUS",       USE_ALWAYS,              false },
        { "CHILDREN",      USE_ALWAYS,              false },
        { "NAMESPACE",     USE_ALWAYS,              false },
        { "IDLE",          USE_ALWAYS,              false },
        { "UNSELECT",      USE_ALWAYS,              false },
        { "MOVE",          USE_ALWAYS,              false },
        { "LIST-EXTENDED", USE_ALWAYS,              false },
        { "LIST-STATUS",   USE_ALWAYS,              false },
        { "SPECIAL-USE",   USE_ALWAYS,              false },
        { "CREATE-SPECIAL-USE", USE_ALWAYS,         false },
        { "XLIST",         USE_ALWAYS,              false },
        { "MULTIAPPEND",   USE_ALWAYS,              false },
        { "CATENATE",      USE_ALWAYS,              false },
        { "INPROGRESS",    USE_ALWAYS,              false },
        { "MULTISEARCH",   USE_ALWAYS,              false },
        { "REPLACE",       USE_ALWAYS,              false },
        { "STATUS=SIZE",   USE_ALWAYS,              false },
        { "APPENDLIMIT",   USE_ALWAYS,              false, imap_append_limit },
        { "CONDSTORE",     USE_ALWAYS,              false },
        { "QRESYNC",       USE_ALWAYS,              false },
        { "ESEARCH",       USE_ALWAYS,              false },
        { "SEARCHRES",     USE_ALWAYS,              false },
        { "WITHIN",        USE_ALWAYS,              false },
        { "PARTIAL",       USE_ALWAYS,              false },
        { "SORT",          USE_ALWAYS,              false },
        { "SORT=DISPLAY",  USE_ALWAYS,              false },
        { "ESORT",         USE_ALWAYS,              false },
        { "THREAD=ORDEREDSUBJECT", USE_ALWAYS,      false },
        { "THREAD=REFERENCES",     USE_ALWAYS,      false },
        { "THREAD=REFS",   USE_ALWAYS,              false },
        { "BINARY",        USE_ALWAYS,              false },
        { "PREVIEW",       USE_ALWAYS,              false },
        { "SAVEDATE",      USE_ALWAYS,              false },
        { "OBJECTID",      USE_ALWAYS,              false },
        { "I18NLEVEL=1",   USE_ALWAYS,              false },
        { "UIDONLY",       USE_ALWAYS,              false },
        { "UIDBATCHES",    USE_ALWAYS,              false },
        { "ID",            USE_ALWAYS,              true  },
        { "ENABLE",        USE_ALWAYS,              true  },
        { "UTF8=ACCEPT",   USE_ALWAYS,              true  },
        { "SASL-IR",       USE_BEFORE_LOGIN,        true  },
        { "STARTTLS",      USE_WHEN_TLS_OFFERED,    true  },
        { "LOGINDISABLED", USE_WHEN_LOGIN_DISABLED, true  },
        { "AUTH=PLAIN",    USE_FOR_PASSWORDS,       true  },
        { "AUTH=LOGIN",    USE_FOR_PASSWORDS,       false },
        { "COMPRESS=DEFLATE", USE_AFTER_LOGIN,      false },
        { "MESSAGELIMIT",  USE_WITH_MESSAGE_LIMIT,  true,  imap_message_limit },
        { "XMAGICTRASH",   USE_WITH_MAGIC_TRASH,    true  },
};

static bool is_of_use(const CapabilityFacts *facts, CapabilityUse use) {
        switch (use) {
        case USE_ALWAYS:
                return true;
        case USE_BEFORE_LOGIN:
                return !facts->authenticated;
        case USE_AFTER_LOGIN:
                return facts->authenticated;
        case USE_WITH_MAGIC_TRASH:
                return setting_flag("IMAP_MOVE_EXPUNGE_TO_TRASH", false);
        case USE_WITH_MESSAGE_LIMIT:
                return imap_message_limit() != 0;
        case USE_FOR_PASSWORDS:
                return !facts->authenticated && !facts->login_disabled;
        case USE_WHEN_TLS_OFFERED:
                return !facts->authenticated && facts->tls_offered && !facts->tls;
        case USE_WHEN_LOGIN_DISABLED:
                return !facts->authenticated && facts->login_disabled;
        }
        return false;
}

static void add_word(Buffer *text, bool *added, size_t i) {
        if (added[i])
                return;
        added[i] = true;
        if (text->size > 0)
                buffer_append_char(text, ' ');
        buffer_append_text(text, capabilities[i].word);
        if (capabilities[i].value)
                buffer_printf(text, "=%llu", (unsigned long long) capabilities[i].value());
}

static void add_configured(const CapabilityFacts *facts, Buffer *text, bool *added) {
        for (const char *at = facts->configured; *at != '\0';) {
                size_t size = strcspn(at, " \t,");

                for (size_t i = 0; i < ELEMENTSOF(capabilities); i++)
                        if (text_equal_nocase_range(at, size, capabilities[i].word) &&
                            is_of_use(facts, capabilities[i].use))
                                add_word(text, added, i);
                at += size;
                at += strspn(at, " \t,");
        }
}

char *imap_capability_text(const CapabilityFacts *facts) {
        bool configured = facts->configured && facts->configured[0] != '\0';
        bool added[ELEMENTSOF(capabilities)] = { false };
        _cleanup_buffer_ Buffer text = { 0 };

        add_word(&text, added, 0); /* RFC 9051 wants it in every answer, clients want it first */
        if (configured)
                add_configured(facts, &text, added);
        for (size_t i = 0; i < ELEMENTSOF(capabilities); i++)
                if ((!configured || capabilities[i].state) &&
                    is_of_use(facts, capabilities[i].use))
                        add_word(&text, added, i);
        return buffer_take_text(&text);
}

char *imap_capability_setting(bool tls) {
        char *text = tls ? setting_text("IMAP_CAPABILITY_TLS", NULL) : NULL;

        return text ? text : setting_text("IMAP_CAPABILITY", NULL);
}
