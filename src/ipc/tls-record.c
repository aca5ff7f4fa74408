/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The packets of imapd-tls(8) in both directions. */
#include "ipc/tls-record.h"

#include "basic/text.h"

enum { TLS_VERSION = 1 };

void tls_record_done(TlsRecord *record) {
        free(record->protocol);
        free(record->cipher);
        free(record->server_name);
        free(record->alpn);
        free(record->message);
        for (size_t i = 0; i < record->n_subject; i++) {
                free(record->subject[i].name);
                free(record->subject[i].value);
        }
        *record = (TlsRecord) { 0 };
}

void tls_record_add_subject(TlsRecord *record, const char *name, const char *value) {
        for (size_t i = 0; i < record->n_subject; i++)
                if (text_equal(record->subject[i].name, name)) {
                        text_set(&record->subject[i].value, value);
                        return;
                }
        if (record->n_subject == TLS_SUBJECT_FIELDS_MAX)
                return;
        record->subject[record->n_subject++] = (TlsSubjectField) {
                .name = text_dup(name), .value = text_dup(value)
        };
}

bool tls_request_write(const TlsRequest *request, Buffer *target) {
        size_t start = target->size;

        json_write_begin(target, NULL);
        json_write_number(target, "version", TLS_VERSION);
        json_write_text(target, "service", request->service);
        json_write_flag(target, "starttls", request->starttls);
        json_write_text(target, "local", request->local);
        json_write_text(target, "remote", request->remote);
        json_write_end(target);
        return target->size - start <= TLS_REQUEST_MAX;
}

bool tls_request_read(const char *packet, size_t size, JsonRecord **ret_record,
                      TlsRequest *ret_request) {
        _cleanup_(json_record_freep) JsonRecord *record = NULL;
        const JsonNode *root;
        uint64_t version;

        if (size > TLS_REQUEST_MAX || !json_record_parse(packet, size, &record))
                return false;
        root = json_record_root(record);
        if (!json_node_number(root, "version", UINT32_MAX, &version) || version != TLS_VERSION ||
            !json_node_text(root, "service"))
                return false;
        *ret_request = (TlsRequest) {
                .service = json_node_text(root, "service"),
                .starttls = json_node_flag(root, "starttls"),
                .local = json_node_text(root, "local"),
                .remote = json_node_text(root, "remote"),
        };
        *ret_record = TAKE_PTR(record);
        return true;
}

void tls_record_write(const TlsRecord *record, Buffer *target) {
        json_write_begin(target, NULL);
        json_write_text(target, "result", record->message ? "fail" : "ok");
        if (record->message) {
                json_write_text(target, "message", record->message);
                json_write_end(target);
                return;
        }
        json_write_text(target, "protocol", record->protocol);
        json_write_text(target, "cipher", record->cipher);
        json_write_number(target, "bits", record->bits);
        json_write_text(target, "server_name", record->server_name);
        json_write_text(target, "alpn", record->alpn);
        if (record->n_subject > 0) {
                json_write_begin(target, "subject");
                for (size_t i = 0; i < record->n_subject; i++)
                        json_write_text(target, record->subject[i].name, record->subject[i].value);
                json_write_end(target);
        }
        json_write_end(target);
}

/* Becomes the name of an environment variable, in part. */
static bool is_field_name(const char *name) {
        size_t size = strlen(name);

        for (size_t i = 0; i < size; i++)
                if (!char_is_alpha(name[i]) && !char_is_digit(name[i]) &&
                    name[i] != '-' && name[i] != '.')
                        return false;
        return size > 0 && size <= 64;
}

static void on_subject(void *context, const char *name, const char *text) {
        if (is_field_name(name))
                tls_record_add_subject(context, name, text);
}

static char *optional_text(const JsonNode *root, const char *name, size_t limit) {
        const char *text = json_node_text(root, name);

        return text ? text_for_log(text, limit) : NULL;
}

bool tls_record_read(const char *packet, size_t size, TlsRecord *ret_record) {
        _cleanup_(json_record_freep) JsonRecord *record = NULL;
        TlsRecord read = { 0 };
        const JsonNode *root;
        const char *result, *message;
        uint64_t bits;

        if (size > TLS_ANSWER_MAX || !json_record_parse(packet, size, &record))
                return false;
        root = json_record_root(record);
        result = json_node_text(root, "result");
        if (text_equal(result, "fail")) {
                message = json_node_text(root, "message");
                read.message = text_for_log(message ? message : "no reason given", 512);
                *ret_record = read;
                return true;
        }
        if (!text_equal(result, "ok") || !json_node_text(root, "protocol") ||
            !json_node_text(root, "cipher") || !json_node_number(root, "bits", 65536, &bits))
                return false;
        read.bits = (unsigned) bits;
        read.protocol = text_for_log(json_node_text(root, "protocol"), 32);
        read.cipher = text_for_log(json_node_text(root, "cipher"), 64);
        read.server_name = optional_text(root, "server_name", 256);
        read.alpn = optional_text(root, "alpn", 64);
        json_node_each_text(json_node_object(root, "subject"), on_subject, &read);
        *ret_record = read;
        return true;
}
