/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unicode Normalization Form C, which mailbox names have (RFC 5198, section 2). */
#pragma once

/** normal_form_of() - an UTF-8 text in NFC; NULL when it is in that form, or is not UTF-8 */
[[nodiscard]] char *normal_form_of(const char *text);
