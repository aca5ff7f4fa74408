/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Date: or else the internal date. */
#include "imapd/sent-date.h"

#include "mime/date.h"
#include "mime/header.h"
#include "store/mailbox.h"

int64_t sent_date(ImapSession *session, size_t position, const char *header, size_t size) {
        int16_t zone_minutes;
        size_t at = 0;
        HeaderField field;
        int64_t sec = 0;

        while (header_next(header, size, &at, &field))
                if (header_field_is(&field, "Date")) {
                        if (mime_date_parse(field.value, field.value_size, &sec, &zone_minutes))
                                return sec;
                        break;
                }
        (void) mailbox_internal_date(session->mailbox, position, &sec); /* 0 if it fails */
        return sec;
}
