/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids of reports an administrator acts on; each has its entry in units/courier-imapd.catalog. */
#pragma once

#define MESSAGE_ID_LOGIN            "6ef3bc3ea15a4d7e8a4f0a04a0f0a8a1"
#define MESSAGE_ID_LOGIN_FAILED     "0d3f1a7c5a8e4c4f9a62b5fbb6ad37c2"
#define MESSAGE_ID_LOGOUT           "b7a2c3a0f2f84a2c8a6f0f84b0c5d1e3"
#define MESSAGE_ID_AUTH_UNAVAILABLE "53b1c5f64d3f4a2b9d2dcb3e4f7a90d4"
#define MESSAGE_ID_TLS_UNAVAILABLE  "9c8f1c0be1c84d2ea5f26a7be3b1c6f5"
#define MESSAGE_ID_CERTIFICATE      "1f4b6a9d2e5c4c8791d3a0b5e7f2c8a6"
#define MESSAGE_ID_INDEX_REBUILT    "e4d5c6b7a8f94e1d8c2b3a4f5e6d7c87"
#define MESSAGE_ID_CACHE_DAMAGED    "01a47309af1748bbbf9a9ef865711a86"
#define MESSAGE_ID_INDEX_NEWER      "5b0e6a4f1d7c4c86a2f39e8b7d50c3a9"
