/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/buffer.h"
#include "harness.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/list-request.h"
#include "imap-proto/status-items.h"

static const char *show(const char *text, bool plain, Buffer *shown) {
        static const char *const kinds[] = { "names", "root", "nothing", "too many" };
        _cleanup_list_request_ ListRequest request = { 0 };
        ImapArgs args;

        buffer_clear(shown);
        imap_args_init(&args, text, strlen(text), NULL);
        args.verb = "LIST";
        if (!(plain ? list_request_take_plain(&args, &request) : list_request_take(&args, &request))) {
                buffer_append_text(shown, imap_args_error(&args));
                return shown->data;
        }
        buffer_printf(shown, "%s%s %x %x %x", kinds[request.kind], request.is_extended ? "+" : "", request.select,
                      request.returns, request.status_items);
        for (size_t i = 0; i < request.n_patterns; i++)
                buffer_printf(shown, " %s", request.patterns[i].text);
        return shown->data;
}

TEST("options, patterns and what is returned") {
        static const struct {
                const char *text, *shown;
        } examples[] = {
                { "\"\" *", "names 0 0 0 *" },
                { "\"\" \"\"", "root 0 0 0" },
                { "NIL NIL", "root 0 0 0" },
                { "INBOX %", "names 0 0 0 INBOX/%" },
                { "\"\" a/b", "nothing 0 0 0" },
                { "\"\" %a%b%c%d%e%f%g%h%i%j%k", "too many 0 0 0" },
                { "(SUBSCRIBED) \"\" *", "names+ 1 1 0 *" },
                { "() \"\" *", "names+ 0 0 0 *" },
                { "() \"\" \"\"", "nothing+ 0 0 0" },
                { "\"\" \"\" RETURN (CHILDREN)", "nothing+ 0 2 0" },
                { "(special-use REMOTE RECURSIVEMATCH) \"\" (a b% \"\" a/b)", "names+ e 4 0 a b%" },
                { "\"\" * RETURN (SUBSCRIBED STATUS (MESSAGES) CHILDREN SPECIAL-USE)", "names+ 0 f 1 *" },
                { "\"\" (*)", "names+ 0 0 0 *" },
        };
        _cleanup_buffer_ Buffer shown = { 0 };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                CHECK_TEXT(show(examples[i].text, false, &shown), examples[i].shown);
}

TEST("mistakes are named, and LSUB has no options") {
        static const struct {
                const char *text, *error;
                bool plain;
        } examples[] = {
                { "(RECURSIVEMATCH) \"\" *", "RECURSIVEMATCH needs SUBSCRIBED or SPECIAL-USE beside it" },
                { "(X) \"\" *", "LIST wants an option such as SUBSCRIBED, got 'X)'" },
                { "\"\" * RETURN (X)", "LIST wants an option such as CHILDREN, got 'X)'" },
                { "\"\" * RETURN", "LIST wants a list in parentheses, got nothing" },
                { "\"\" * RETURN (STATUS (X))", "LIST wants an item such as MESSAGES, got 'X))'" },
                { "\"\" (a", "LIST wants a closing parenthesis, got nothing" },
                { "\"\" &-x&", "The pattern is not modified UTF-7" },
                { "(SUBSCRIBED) \"\" *", "LIST wants an atom or string, got '(SUBSCRIBED)'", true },
                { "\"\" (a b)", "LIST wants a mailbox pattern, got '(a'", true },
                { "\"\" * RETURN (CHILDREN)", "LIST wants nothing more, got 'RETURN'", true },
        };
        _cleanup_buffer_ Buffer shown = { 0 };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++)
                CHECK_TEXT(show(examples[i].text, examples[i].plain, &shown), examples[i].error);
}

TEST("a name matches one of several patterns") {
        _cleanup_list_request_ ListRequest request = { 0 };
        ImapArgs args;
        bool is_bare;

        imap_args_init(&args, "\"\" (INBOX INBOX.A*)", strlen("\"\" (INBOX INBOX.A*)"), NULL);
        CHECK(list_request_take(&args, &request));
        CHECK(list_request_matches(&request, "INBOX", &is_bare));
        CHECK(list_request_matches(&request, "INBOX/Ab/c", &is_bare));
        CHECK(!list_request_matches(&request, "INBOX/B", &is_bare));
}

TEST("a name is told as the patterns have it, with its prefix where both would do") {
        static const struct {
                const char *name;
                bool matches, is_bare;
        } examples[] = {
                { "INBOX", true, false },
                { "INBOX/Work", true, true },
                { "INBOX/Sent", true, false },
                { "INBOX/Sent/2024", true, true },
                { "INBOX/Trash", false, true },
        };
        static const char text[] = "\"\" (INBOX Work Sent* INBOX.Sent)";
        _cleanup_list_request_ ListRequest request = { 0 };
        ImapArgs args;

        imap_args_init(&args, text, strlen(text), NULL);
        args.takes_bare_names = true;
        CHECK(list_request_take(&args, &request));
        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                bool is_bare;

                CHECK_NUMBER(list_request_matches(&request, examples[i].name, &is_bare), examples[i].matches);
                if (examples[i].matches)
                        CHECK_NUMBER(is_bare, examples[i].is_bare);
        }
}

TESTS_END
