/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "imap-proto/capability.h"

#include "harness.h"

#define SEARCHING                                                                              \
        "ESEARCH SEARCHRES WITHIN PARTIAL SORT SORT=DISPLAY ESORT THREAD=ORDEREDSUBJECT "      \
        "THREAD=REFERENCES THREAD=REFS BINARY PREVIEW SAVEDATE OBJECTID I18NLEVEL=1 "           \
        "UIDONLY UIDBATCHES"

/* What is told in any state, in the order of the table. */
#define ALWAYS                                                                                 \
        "IMAP4rev1 IMAP4rev2 "                                                                 \
        "LITERAL+ UIDPLUS CHILDREN NAMESPACE IDLE UNSELECT MOVE LIST-EXTENDED "                \
        "LIST-STATUS SPECIAL-USE CREATE-SPECIAL-USE XLIST MULTIAPPEND "                  \
        "CATENATE INPROGRESS MULTISEARCH "                                               \
        "REPLACE STATUS=SIZE APPENDLIMIT=4294967295 CONDSTORE QRESYNC "                        \
        SEARCHING " ID ENABLE UTF8=ACCEPT"

static const struct {
        const char *sentence;
        CapabilityFacts facts;
        const char *text;
} examples[] = {
        { "off TLS, where STARTTLS must come first",
          { .tls_offered = true, .login_disabled = true },
          ALWAYS " SASL-IR STARTTLS LOGINDISABLED" },
        { "on loopback", { .tls_offered = true },
          ALWAYS " SASL-IR STARTTLS AUTH=PLAIN AUTH=LOGIN" },
        { "on TLS", { .tls = true, .tls_offered = true },
          ALWAYS " SASL-IR AUTH=PLAIN AUTH=LOGIN" },
        { "after login", { .authenticated = true, .tls_offered = true },
          ALWAYS " COMPRESS=DEFLATE" },
        { "Courier's default setting chooses, what is not whole is dropped",
          { .configured = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT "
                          "THREAD=REFERENCES SORT QUOTA IDLE",
            .authenticated = true },
          "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT "
          "IDLE ID ENABLE UTF8=ACCEPT" },
        { "a configured AUTH=PLAIN is not shown where passwords are refused",
          { .configured = "IMAP4rev1 AUTH=PLAIN IDLE IDLE", .login_disabled = true },
          "IMAP4rev1 IDLE ID ENABLE UTF8=ACCEPT SASL-IR LOGINDISABLED" },
        { "an empty setting is no setting", { .configured = "", .authenticated = true },
          ALWAYS " COMPRESS=DEFLATE" },
};

TEST("the capability line follows the state and the setting") {
        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *text = imap_capability_text(&examples[i].facts);

                if (strcmp(text, examples[i].text) != 0)
                        printf("# %s\n", examples[i].sentence);
                CHECK_TEXT(text, examples[i].text);
        }
}

TEST("the setting for TLS wins on TLS, and may refer to the other one") {
        setenv("IMAP_CAPABILITY", "IMAP4rev1 IDLE", 1);
        setenv("IMAP_CAPABILITY_TLS", "$IMAP_CAPABILITY AUTH=PLAIN", 1);
        _cleanup_free_ char *plain = imap_capability_setting(false);
        _cleanup_free_ char *tls = imap_capability_setting(true);

        CHECK_TEXT(plain, "IMAP4rev1 IDLE");
        CHECK_TEXT(tls, "IMAP4rev1 IDLE AUTH=PLAIN");
        unsetenv("IMAP_CAPABILITY_TLS");
        _cleanup_free_ char *other = imap_capability_setting(true);
        CHECK_TEXT(other, "IMAP4rev1 IDLE");
}

TESTS_END
