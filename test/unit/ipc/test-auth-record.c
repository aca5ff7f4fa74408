/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "harness.h"
#include "ipc/auth-record.h"

static AuthAnswer *read_answer(const char *line) {
        AuthAnswer *answer = NULL;

        return auth_answer_read(line, strlen(line), &answer) ? answer : NULL;
}

TEST("a request is one line and comes back as it went") {
        const AuthRequest request = { .service = "imap", .method = AUTH_LOGIN, .user = "ann",
                .password = "se\"cr\\et\n€", .remote = "192.0.2.7", .tls = true };
        _cleanup_buffer_ Buffer line = { 0 };
        _cleanup_(json_record_freep) JsonRecord *record = NULL;
        const char *problem = NULL;
        AuthRequest got = { 0 };

        CHECK(auth_request_write(&request, &line));
        CHECK_TEXT(line.data, "{\"version\":1,\"service\":\"imap\",\"method\":\"login\",\"user\":\"ann\","
                   "\"password\":\"se\\\"cr\\\\et\\u000a€\",\"remote\":\"192.0.2.7\",\"tls\":true}\n");
        CHECK(auth_request_read(line.data, line.size - 1, &record, &got, &problem));
        CHECK_TEXT(got.user, "ann");
        CHECK_TEXT(got.password, request.password);
        CHECK_TEXT(got.remote, "192.0.2.7");
        CHECK(got.tls && got.method == AUTH_LOGIN);
}

TEST("a request that is not UTF-8 or too long is not written") {
        _cleanup_free_ char *text = memory_new(JSON_RECORD_MAX, 1);
        _cleanup_buffer_ Buffer line = { 0 };

        CHECK(!auth_request_write(&(AuthRequest) { .service = "imap", .user = "a", .password = "\xe4" },
                                  &line));
        memset(text, '\\', JSON_RECORD_MAX - 1);
        CHECK(!auth_request_write(&(AuthRequest) { .service = "imap", .user = "a", .password = text },
                                  &line));
}

TEST("a bad request says what is wrong with it") {
        static const struct {
                const char *line, *problem;
        } examples[] = {
                { "nonsense", "request is not one JSON object" },
                { "{}", "protocol version not supported" },
                { "{\"version\":2,\"service\":\"imap\",\"method\":\"lookup\",\"user\":\"a\"}",
                  "protocol version not supported" },
                { "{\"version\":1,\"method\":\"lookup\",\"user\":\"a\"}",
                  "request without service or user" },
                { "{\"version\":1,\"service\":\"imap\",\"method\":\"lookup\",\"user\":\"\"}",
                  "request without service or user" },
                { "{\"version\":1,\"service\":\"imap\",\"method\":\"lookup\",\"user\":\"a\\nb\"}",
                  "control character in service or user" },
                { "{\"version\":1,\"service\":\"imap\",\"method\":\"scram\",\"user\":\"a\"}",
                  "method not supported by this module" },
                { "{\"version\":1,\"service\":\"imap\",\"method\":\"login\",\"user\":\"a\"}",
                  "login without password" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                const char *problem = NULL;
                JsonRecord *record = NULL;
                AuthRequest request;

                CHECK(!auth_request_read(examples[i].line, strlen(examples[i].line), &record, &request,
                                         &problem));
                CHECK_TEXT(problem, examples[i].problem);
        }
}

TEST("an account comes back as it went, options too") {
        _cleanup_buffer_ Buffer line = { 0 };
        _cleanup_(auth_answer_freep) AuthAnswer *got = NULL;
        AuthAnswer answer = { .result = AUTH_OK, .account = {
                .address = (char *) "ann", .uid = 1000, .gid = 1001, .system_user = (char *) "ann",
                .home = (char *) "/home/ann", .maildir = (char *) "./Maildir", .name = (char *) "Ann",
                .quota = (char *) "1000000S",
                .options = (char *) "group=a,disablepop3=1,group=b,flag" } };

        auth_answer_write(&answer, &line);
        CHECK_TEXT(line.data, "{\"result\":\"ok\",\"account\":{\"address\":\"ann\",\"username\":\"ann\","
                   "\"uid\":1000,\"gid\":1001,\"home\":\"/home/ann\",\"maildir\":\"./Maildir\","
                   "\"name\":\"Ann\",\"quota\":\"1000000S\","
                   "\"options\":{\"group\":\"a,b\",\"disablepop3\":\"1\",\"flag\":\"1\"}}}\n");
        got = read_answer(line.data);
        CHECK(got && got->result == AUTH_OK);
        if (!got)
                return;
        CHECK_NUMBER(got->account.uid, 1000);
        CHECK_NUMBER(got->account.gid, 1001);
        CHECK_TEXT(got->account.system_user, "ann");
        CHECK_TEXT(got->account.maildir, "./Maildir");
        CHECK_TEXT(got->account.options, "group=a,group=b,disablepop3=1,flag=1");
}

TEST("failures carry a code and a message") {
        _cleanup_buffer_ Buffer line = { 0 };
        _cleanup_(auth_answer_freep) AuthAnswer *got = NULL, *sent =
                auth_answer_new_failure(AUTH_FAIL, "expired", "The password has expired");

        auth_answer_write(sent, &line);
        CHECK_TEXT(line.data,
                   "{\"result\":\"fail\",\"code\":\"expired\",\"message\":\"The password has expired\"}\n");
        got = read_answer(line.data);
        CHECK(got && got->result == AUTH_FAIL);
        CHECK_TEXT(got ? got->code : NULL, "expired");
}

#define ACCOUNT(members) "{\"result\":\"ok\",\"account\":{" members "}}"

TEST("an answer that would let the wrong one in is no answer") {
        static const char *const bad[] = {
                "{}", "{\"result\":\"yes\"}", "{\"result\":\"ok\"}", "{\"result\":\"ok\",\"account\":[]}",
                ACCOUNT("\"address\":\"a\",\"uid\":4294967295,\"gid\":1,\"home\":\"/h\""),
                ACCOUNT("\"address\":\"a\",\"uid\":4294967296,\"gid\":1,\"home\":\"/h\""),
                ACCOUNT("\"address\":\"a\",\"uid\":\"5\",\"gid\":1,\"home\":\"/h\""),
                ACCOUNT("\"address\":\"a\",\"uid\":-5,\"gid\":1,\"home\":\"/h\""),
                ACCOUNT("\"address\":\"a\",\"uid\":5,\"gid\":1,\"home\":\"h\""),
                ACCOUNT("\"address\":\"a\",\"uid\":5,\"gid\":1"),
                ACCOUNT("\"address\":\"\",\"uid\":5,\"gid\":1,\"home\":\"/h\""),
                ACCOUNT("\"uid\":5,\"gid\":1,\"home\":\"/h\""),
                ACCOUNT("\"address\":\"a\\nb\",\"uid\":5,\"gid\":1,\"home\":\"/h\""),
                ACCOUNT("\"address\":\"a\",\"uid\":5,\"gid\":1,\"home\":\"/h\",\"maildir\":7"),
        };

        for (size_t i = 0; i < ELEMENTSOF(bad); i++) {
                AuthAnswer *answer = read_answer(bad[i]);

                if (answer)
                        printf("# accepted: %s\n", bad[i]);
                CHECK(!answer);
                auth_answer_free(answer);
        }
}

TEST("options with names that would read as others are left out") {
        _cleanup_(auth_answer_freep) AuthAnswer *got = read_answer(
                ACCOUNT("\"address\":\"a\",\"uid\":5,\"gid\":1,\"home\":\"/h\",\"options\":"
                        "{\"x=y\":\"1\",\"a,b\":\"2\",\"\":\"3\",\"n\":4,\"ok\":\"5\"}"));

        CHECK_TEXT(got ? got->account.options : NULL, "ok=5");
}

TESTS_END
