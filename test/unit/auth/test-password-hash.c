/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/password-hash.h"
#include "harness.h"

/* All of them are "secret". */
static const char *const stored[] = {
        "{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ==",
        "{MD5RAW}5ebe2294ecd0e0f08eab7690d2a6ee69",
        "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
        "{SHA256}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=",
        "{SHA512}vSsar3708Jvp9Szi2NWZZ02Bqp1qRCFpbcTZPdBhnWgs5WtNZKnvCXdhztmeD2cmW192CF5bDufKRpayrW/isg==",
        "{SSHA}IbEIdNaLc0RQwIwC42TD4Dt3QoXAaA7/",
        "{SSHA}uJDd0BIdJ9Z7yDCZNWdgYeb33+cBAgME",
        "{ssha}uJDd0BIdJ9Z7yDCZNWdgYeb33+cBAgME",
        "$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1",
        "{CRYPT}$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1",
        "{crypt}$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1",
};

TEST("every form that Courier stores is understood") {
        for (size_t i = 0; i < ELEMENTSOF(stored); i++) {
                if (!password_matches(stored[i], "secret"))
                        printf("# %s\n", stored[i]);
                CHECK(password_matches(stored[i], "secret"));
                CHECK(!password_matches(stored[i], "Secret"));
                CHECK(!password_matches(stored[i], "secret "));
                CHECK(!password_matches(stored[i], ""));
        }
}

TEST("what is stored in no known form matches nothing, not even itself") {
        static const char *const unknown[] = {
                "", "*", "!", "x", "secret", "{PLAIN}secret", "{SHA}", "{MD5}", "{CRYPT}", "{SSHA}",
                "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ", "{SSHA}AAAA", "*0", "$9$abc$def",
                "{SSHA}uJDd0BIdJ9Z7yDCZNWdgYeb33+cBAgMEBQ==", "{MD5RAW}5EBE2294ECD0E0F08EAB7690D2A6EE69",
        };

        for (size_t i = 0; i < ELEMENTSOF(unknown); i++) {
                CHECK(!password_matches(unknown[i], "secret"));
                CHECK(!password_matches(unknown[i], unknown[i]));
                CHECK(!password_matches(unknown[i], ""));
        }
}

TESTS_END
