/* SPDX-License-Identifier: GPL-3.0-or-later */
/* imapd-auth-json(5) in both directions; what is read is checked before anyone relies on it. */
#include "ipc/auth-record.h"

#include <stdint.h>

#include "basic/text.h"

enum { AUTH_VERSION = 1 };

static const char *const method_names[_AUTH_METHOD_MAX] = {
        [AUTH_LOGIN]  = "login",
        [AUTH_LOOKUP] = "lookup",
};
DEFINE_NAMES(auth_method, AuthMethod, method_names);

static const char *const result_names[_AUTH_RESULT_MAX] = {
        [AUTH_OK]       = "ok",
        [AUTH_FAIL]     = "fail",
        [AUTH_TEMPFAIL] = "tempfail",
};
DEFINE_NAMES(auth_result, AuthResult, result_names);

AuthAnswer *auth_answer_free(AuthAnswer *answer) {
        if (!answer)
                return NULL;
        free(answer->code);
        free(answer->message);
        free(answer->account.address);
        free(answer->account.system_user);
        free(answer->account.home);
        free(answer->account.maildir);
        free(answer->account.name);
        free(answer->account.quota);
        free(answer->account.options);
        free(answer->module);
        free(answer);
        return NULL;
}

AuthAnswer *auth_answer_new_failure(AuthResult result, const char *code, const char *message) {
        AuthAnswer *answer = make(AuthAnswer, .result = result);

        text_set(&answer->code, code);
        text_set(&answer->message, message);
        return answer;
}

static size_t length_of(const char *text) {
        return text ? strlen(text) : 0;
}

bool auth_request_write(const AuthRequest *request, Buffer *target) {
        const char *texts[] = { request->service, request->user, request->password,
                                request->remote };
        size_t n_octets = 0;

        for (size_t i = 0; i < ELEMENTSOF(texts); i++) {
                if (!text_is_utf8(texts[i] ? texts[i] : "", length_of(texts[i])))
                        return false;
                n_octets += length_of(texts[i]) * JSON_ESCAPE_MAX;
        }
        if (n_octets > JSON_RECORD_MAX - 256)
                return false;
        (void) buffer_reserve(target, n_octets + 256); /* all of it: no copy of the password */
        json_write_begin(target, NULL);
        json_write_number(target, "version", AUTH_VERSION);
        json_write_text(target, "service", request->service);
        json_write_text(target, "method", auth_method_to_name(request->method));
        json_write_text(target, "user", request->user);
        json_write_text(target, "password", request->password);
        json_write_text(target, "remote", request->remote);
        json_write_flag(target, "tls", request->tls);
        json_write_end(target);
        buffer_append_char(target, '\n');
        return true;
}

static bool has_control(const char *text) {
        for (; *text; text++)
                if (char_is_control(*text))
                        return true;
        return false;
}

static const char *request_problem(const JsonNode *root, AuthRequest *request) {
        uint64_t version;
        const char *method;
        int known;

        if (!json_node_number(root, "version", UINT32_MAX, &version) || version != AUTH_VERSION)
                return "protocol version not supported";
        if (!request->service || !*request->service || !request->user || !*request->user)
                return "request without service or user";
        if (has_control(request->service) || has_control(request->user))
                return "control character in service or user";
        method = json_node_text(root, "method");
        known = method ? auth_method_from_name(method) : -1;
        if (known < 0)
                return "method not supported by this module";
        request->method = (AuthMethod) known;
        if (request->method == AUTH_LOGIN && !request->password)
                return "login without password";
        return NULL;
}

bool auth_request_read(const char *line, size_t size, JsonRecord **ret_record,
                       AuthRequest *ret_request, const char **ret_problem) {
        _cleanup_(json_record_freep) JsonRecord *record = NULL;
        const JsonNode *root;
        AuthRequest request;

        *ret_problem = "request is not one JSON object";
        if (!json_record_parse(line, size, &record))
                return false;
        root = json_record_root(record);
        request = (AuthRequest) {
                .service = json_node_text(root, "service"),
                .user = json_node_text(root, "user"),
                .password = json_node_text(root, "password"),
                .remote = json_node_text(root, "remote"),
                .tls = json_node_flag(root, "tls"),
        };
        *ret_problem = request_problem(root, &request);
        if (*ret_problem)
                return false;
        *ret_request = request;
        *ret_record = TAKE_PTR(record);
        return true;
}

typedef struct Option {
        const char *name, *value;
        size_t name_size, value_size;
} Option;

/* The next of "a=1,b,c=3"; a name alone means 1. */
static bool next_option(const char **at, Option *ret_option) {
        const char *start = *at;
        size_t size = strcspn(start, ","), name_size = strcspn(start, ",=");
        bool has_value = name_size < size;

        if (size == 0 && start[0] == '\0')
                return false;
        *ret_option = (Option) {
                .name = start, .name_size = name_size,
                .value = has_value ? start + name_size + 1 : "1",
                .value_size = has_value ? size - name_size - 1 : 1,
        };
        *at = start + size + (start[size] == ',');
        return true;
}

/* Of a repeated name ("group=x,group=y") the values are joined by commas, because an object
 * has each name once. Return: false when the name occurred before @option. */
static bool join_values(const char *options, const Option *option, Buffer *values) {
        Option other;

        for (const char *at = options; next_option(&at, &other);) {
                if (other.name_size != option->name_size ||
                    strncmp(other.name, option->name, option->name_size) != 0)
                        continue;
                if (other.name < option->name)
                        return false;
                if (values->size > 0)
                        buffer_append_char(values, ',');
                buffer_append(values, other.value, other.value_size);
        }
        return true;
}

static void write_options(Buffer *target, const char *options) {
        Option option;

        json_write_begin(target, "options");
        for (const char *at = options; next_option(&at, &option);) {
                _cleanup_free_ char *name = text_dup_range(option.name, option.name_size);
                _cleanup_buffer_ Buffer values = { 0 };

                buffer_append_text(&values, "");
                if (*name && join_values(options, &option, &values))
                        json_write_text(target, name, values.data);
        }
        json_write_end(target);
}

static void write_account(Buffer *target, const AuthAccount *account) {
        json_write_begin(target, "account");
        json_write_text(target, "address", account->address);
        json_write_text(target, "username", account->system_user);
        json_write_number(target, "uid", account->uid);
        json_write_number(target, "gid", account->gid);
        json_write_text(target, "home", account->home);
        json_write_text(target, "maildir", account->maildir);
        json_write_text(target, "name", account->name);
        json_write_text(target, "quota", account->quota);
        if (account->options)
                write_options(target, account->options);
        json_write_end(target);
}

void auth_answer_write(const AuthAnswer *answer, Buffer *target) {
        json_write_begin(target, NULL);
        json_write_text(target, "result", auth_result_to_name(answer->result));
        if (answer->result == AUTH_OK) {
                write_account(target, &answer->account);
        } else {
                json_write_text(target, "code", answer->code);
                json_write_text(target, "message", answer->message);
        }
        json_write_end(target);
        buffer_append_char(target, '\n');
}

static void on_option(void *context, const char *name, const char *text) {
        Buffer *options = context;

        if (!*name || strpbrk(name, ",=") || has_control(name) || has_control(text))
                return; /* would read as another option */
        do {
                size_t size = strcspn(text, ",");

                if (options->size > 0)
                        buffer_append_char(options, ',');
                buffer_append_text(options, name);
                buffer_append_char(options, '=');
                buffer_append(options, text, size);
                text += size;
        } while (*text++ == ',');
}

/* What later lands in the environment and in log lines has no control characters. */
static bool take_text(const JsonNode *object, const char *name, char **ret_text) {
        const char *text = json_node_text(object, name);

        if (!text)
                return !json_node_has(object, name);
        if (has_control(text))
                return false;
        if (*text)
                text_set(ret_text, text);
        return true;
}

static bool read_account(const JsonNode *object, AuthAccount *account) {
        Buffer options = { 0 };
        uint64_t uid, gid;

        /* The last number means 'none' to setresuid(2). Root is refused by who asks, as a wrong
         * password: an answer that cannot be understood would tell that it was right. */
        if (!json_node_number(object, "uid", UINT32_MAX - 1, &uid) ||
            !json_node_number(object, "gid", UINT32_MAX - 1, &gid))
                return false;
        account->uid = (uid_t) uid;
        account->gid = (gid_t) gid;
        if (!take_text(object, "address", &account->address) ||
            !take_text(object, "username", &account->system_user) ||
            !take_text(object, "home", &account->home) ||
            !take_text(object, "maildir", &account->maildir) ||
            !take_text(object, "name", &account->name) ||
            !take_text(object, "quota", &account->quota))
                return false;
        json_node_each_text(json_node_object(object, "options"), on_option, &options);
        if (options.size > 0)
                account->options = buffer_take_text(&options);
        buffer_done(&options);
        return account->address && account->home && account->home[0] == '/';
}

bool auth_answer_read(const char *line, size_t size, AuthAnswer **ret_answer) {
        _cleanup_(json_record_freep) JsonRecord *record = NULL;
        _cleanup_(auth_answer_freep) AuthAnswer *answer = make(AuthAnswer);
        const JsonNode *root;
        const char *result;
        int known;

        if (!json_record_parse(line, size, &record))
                return false;
        root = json_record_root(record);
        result = json_node_text(root, "result");
        known = result ? auth_result_from_name(result) : -1;
        if (known < 0)
                return false;
        answer->result = (AuthResult) known;
        if (answer->result == AUTH_OK) {
                if (!read_account(json_node_object(root, "account"), &answer->account))
                        return false;
        } else {
                text_set(&answer->code, json_node_text(root, "code"));
                text_set(&answer->message, json_node_text(root, "message"));
        }
        *ret_answer = TAKE_PTR(answer);
        return true;
}
