/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IndexFacts as octets, the same in snapshot and log (doc/formats.md). */
#pragma once

#include "index/index-table.h"
#include "index/octets.h"

void index_facts_put(Buffer *target, const IndexFacts *facts);
IndexFacts index_facts_take(OctetReader *reader);

/** index_facts_take_1() - version 1: without dovecot_uidlist */
IndexFacts index_facts_take_1(OctetReader *reader);
