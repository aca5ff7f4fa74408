/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files that make up the table share. */
#pragma once

#include "index/index-table.h"

/** index_table_count() - a message that is not gone comes (sign 1) or goes (UINT32_MAX) */
void index_table_count(IndexTable *table, const IndexRecord *record, uint32_t sign);
