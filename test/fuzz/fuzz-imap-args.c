/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments of all kinds: the first octets of the input choose what is taken from the rest. */
#include <assert.h>
#include <stdint.h>

#include "imap-proto/flag-list.h"
#include "imap-proto/imap-args.h"
#include "imap-proto/sequence-set.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool take_text(ImapArgs *args, bool (*take)(ImapArgs *, char **)) {
        _cleanup_free_ char *text = NULL;

        return take(args, &text) && (!text || strlen(text) <= IMAP_COMMAND_MAX);
}

static bool take_set(ImapArgs *args) {
        _cleanup_sequence_set_ SequenceSet set = { 0 };
        _cleanup_number_set_ NumberSet numbers = { 0 };

        if (!imap_args_take_sequence_set(args, &set))
                return false;
        assert(set.n_ranges <= IMAP_SET_RANGES_MAX);
        (void) sequence_set_resolve(&set, 1000, &numbers); /* whether all exist does not matter */
        return true;
}

static bool take_flags(ImapArgs *args) {
        _cleanup_flag_list_ FlagList list = { 0 };

        if (!imap_args_take_flag_list(args, &list))
                return false;
        assert((list.flags & ~FLAGS_STORED) == 0);
        for (size_t i = 0; i < list.n_keywords; i++)
                assert(keyword_is_legal(list.keywords[i], strlen(list.keywords[i])));
        return true;
}

static bool take(ImapArgs *args, uint8_t choice) {
        ImapLiteral literal;
        uint32_t number;
        int64_t when;
        int16_t zone;

        switch (choice % 16) {
        case 0: return take_text(args, imap_args_take_atom);
        case 1: return take_text(args, imap_args_take_astring);
        case 2: return take_text(args, imap_args_take_nstring);
        case 3: return take_text(args, imap_args_take_list_pattern);
        case 4: return take_text(args, imap_args_take_mailbox);
        case 5: return imap_args_take_number(args, &number);
        case 6: return imap_args_open_list(args);
        case 7: return imap_args_close_list(args);
        case 8: return take_set(args);
        case 9: return take_flags(args);
        case 10: return imap_args_take_date(args, &when);
        case 11: return imap_args_take_date_time(args, &when, &zone);
        case 12: return imap_args_take_announcement(args, &literal);
        case 13: return imap_args_accept_nil(args) || !args->error[0];
        case 14: return imap_args_at_end(args);
        default: args->utf8 = true; return args->error[0] == '\0';
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        size_t n_choices = size > 0 ? data[0] % 16 : 0;
        ImapArgs args;

        if (size < n_choices + 1)
                return 0;
        imap_args_init(&args, (const char *) data + 1 + n_choices, size - 1 - n_choices, NULL);
        for (size_t i = 0; i < n_choices; i++) {
                bool taken = take(&args, data[1 + i]);

                assert(args.at <= args.end);
                assert(taken != (args.error[0] != '\0'));
                for (const char *c = imap_args_error(&args); *c != '\0'; c++)
                        assert(*c >= ' ' && *c < 0x7f);
        }
        return 0;
}
