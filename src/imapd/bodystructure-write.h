/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BODY and BODYSTRUCTURE as a response shows them (RFC 9051, section 7.5.2). */
#pragma once

#include <stdbool.h>

#include "imap-proto/imap-write.h"
#include "mime/part.h"

/**
 * bodystructure_write() - the parenthesised list of a part and all below it
 * @extended:  with MD5, disposition, language and location, as BODYSTRUCTURE has them
 *
 * Recurses as deep as the parser let parts nest.
 */
void bodystructure_write(ImapWriter *writer, const MimePart *part, bool extended);
