/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/facts.h"

#include <errno.h>
#include <sys/mman.h>

#include "basic/text.h"
#include "harness.h"

static void clear(void) {
        clearenv();
}

TEST("a login gives user, address and tag, and takes the tag out of the environment") {
        SessionFacts facts;

        clear();
        setenv("IMAPLOGINTAG", "a1", 1);
        setenv("AUTHENTICATED", "ann@example.com", 1);
        setenv("TCPREMOTEIP", "192.0.2.1", 1);
        setenv("TCPREMOTEPORT", "4711", 1);
        setenv("IMAP_TLS", "1", 1);
        CHECK_NUMBER(session_facts_read("/home/ann/Maildir", &facts), SESSION_FACTS_DONE);
        CHECK_TEXT(facts.user, "ann@example.com");
        CHECK_TEXT(facts.remote_ip, "192.0.2.1");
        CHECK_TEXT(facts.login_tag, "a1");
        CHECK_TEXT(facts.maildir_path, "/home/ann/Maildir");
        CHECK(facts.tls);
        CHECK_NUMBER(facts.pending_fd, -EBADF);
        CHECK(!getenv("IMAPLOGINTAG"));
        session_facts_done(&facts);
}

TEST("a login without user or address is refused") {
        SessionFacts facts;

        clear();
        setenv("IMAPLOGINTAG", "a1", 1);
        CHECK_NUMBER(session_facts_read(NULL, &facts), SESSION_FACTS_NO_USER);
        setenv("IMAPLOGINTAG", "a1", 1);
        setenv("AUTHENTICATED", "ann", 1);
        CHECK_NUMBER(session_facts_read(NULL, &facts), SESSION_FACTS_NO_ADDRESS);
}

TEST("without a tag it is the shell: own name, loopback, $MAILDIR or ./Maildir") {
        SessionFacts facts;

        clear();
        CHECK_NUMBER(session_facts_read(NULL, &facts), SESSION_FACTS_DONE);
        CHECK(!facts.login_tag);
        CHECK(facts.user[0] != '\0');
        CHECK_TEXT(facts.remote_ip, "127.0.0.1");
        CHECK_TEXT(facts.maildir_path, "./Maildir");
        session_facts_done(&facts);
        setenv("MAILDIR", "/var/mail/ann", 1);
        CHECK_NUMBER(session_facts_read(NULL, &facts), SESSION_FACTS_DONE);
        CHECK_TEXT(facts.maildir_path, "/var/mail/ann");
        session_facts_done(&facts);
}

TEST("the descriptor of the pipelined octets is taken when it is one") {
        int fd = memfd_create("pending", 0);
        _cleanup_free_ char *number = text_printf("%d", fd);
        SessionFacts facts;

        clear();
        setenv("IMAP_PENDING_FD", number, 1);
        CHECK_NUMBER(session_facts_read(NULL, &facts), SESSION_FACTS_DONE);
        CHECK_NUMBER(facts.pending_fd, fd);
        session_facts_done(&facts);

        static const char *const wrong[] = { "", "0", "2", "-1", "x", "999", "99999999999" };
        for (size_t i = 0; i < ELEMENTSOF(wrong); i++) {
                setenv("IMAP_PENDING_FD", wrong[i], 1);
                CHECK_NUMBER(session_facts_read(NULL, &facts), SESSION_FACTS_DONE);
                CHECK_NUMBER(facts.pending_fd, -EBADF);
                session_facts_done(&facts);
        }
}

TEST("account options are true as Courier reads them") {
        static const struct {
                const char *options;
                bool set;
        } examples[] = {
                { "", false },
                { "disableimap", true },
                { "disableimap=", true },
                { "disableimap=1", true },
                { "disableimap=0", false },
                { "disableimap=no", false },
                { "disableimap=true", true },
                { "disableimap=Y,x=0", true },
                { "disableimapx=1,xdisableimap=1", false },
                { "a=b,disableimap=2", true },
                { "a=disableimap", false },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                SessionFacts facts = { .options = (char *) examples[i].options };

                CHECK(session_has_option(&facts, "disableimap") == examples[i].set);
        }
}

TESTS_END
