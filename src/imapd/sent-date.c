/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Date: or else the internal date. */
#include "imapd/sent-date.h"

#include "mime/date.h"
#include "mime/header.h"
#include "store/mailbox.h"

bool sent_date_read(const char *header, size_t size, int64_t *ret_sec) {
        int16_t zone_minutes;
        size_t at = 0;
        HeaderField field;

        while (header_next(header, size, &at, &field))
                if (header_field_is(&field, "Date"))
                        return mime_date_parse(field.value, field.value_size, ret_sec,
                                               &zone_minutes);
        return false;
}

int64_t sent_date_or_arrival(ImapSession *session, size_t position, bool has_date, int64_t sec) {
        if (has_date)
                return sec;
        sec = 0;
        (void) mailbox_internal_date(session->mailbox, position, &sec); /* 0 if it fails */
        return sec;
}
