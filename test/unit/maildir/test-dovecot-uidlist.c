/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "basic/text.h"
#include "maildir/dovecot-uidlist.h"
#include "maildir-fixture.h"

static char *describe(const char *text) {
        _cleanup_dovecot_uidlist_ DovecotUidlist list = { 0 };
        Buffer result = { 0 };

        if (!dovecot_uidlist_parse(text_dup(text), strlen(text), &list))
                return text_dup("worthless");
        buffer_printf(&result, "%u %u (%s):", list.uids.uidvalidity, list.uids.uidnext,
                      list.header_fields);
        for (size_t i = 0; i < list.uids.n_entries; i++) {
                const UidEntry *entry = &list.uids.entries[i];

                buffer_printf(&result, " %u(%s)%s", entry->uid, entry->fields, entry->base);
        }
        return buffer_take_text(&result);
}

TEST("Dovecot's file is read in both of its versions, with Dovecot's tolerance") {
        static const struct {
                const char *file, *want;
        } examples[] = {
                { "3 V1275660208 N25022 G3085f01b7f11094c501100008c4a11c1\n"
                  "25006 :1276528487.M364837P9451.kurkku,S=1355,W=1394:2,\n"
                  "25017 W2481 :1276533073.M242911P3632.kurkku:2,F\n",
                  "1275660208 25022 (G3085f01b7f11094c501100008c4a11c1): "
                  "25006()1276528487.M364837P9451.kurkku,S=1355,W=1394 "
                  "25017(W2481)1276533073.M242911P3632.kurkku" },
                { "3 V7 N3 Gabc\n1 :a\n2 S1 W2  Pp:q  :b,S=1\n3 :c\n",
                  "7 4 (Gabc): 1()a 2(S1 W2  Pp:q)b,S=1 3()c" },
                { "3 G1 V7 X2 N9", "7 9 (G1 X2):" },
                { "3 V7\n5 :a\n", "7 6 (): 5()a" },
                { "3 V7 N6\n2 :a\n4 :a:2,S\n3 :b\n3 :c\n", "7 6 (): 3()b 4()a" },
                { "3 V7 N6\n\n0 :a\nx :b\n1\n1 \n1 :\n1 :d/e\n1 W5\n1W5 :f\n4294967296 :g\n5 :a b\n",
                  "7 6 (): 5()a b" },
                { "3 V7 N4294967295\n4294967295 :z\n", "7 4294967295 (): 4294967295()z" },
                { "1 795238296 6\n1 1.a,S=35\n3 3.b:2,S\n", "795238296 6 (): 1()1.a,S=35 3()3.b" },
                { "1 7 2\n9 i\n", "7 10 (): 9()i" },
                { "", "worthless" }, { "\n", "worthless" }, { "3\n", "worthless" },
                { "2 7 6\n", "worthless" }, { "4 V7 N6\n", "worthless" }, { "3 N6\n", "worthless" },
                { "3 V0 N6\n", "worthless" }, { "3 Vx N6\n", "worthless" }, { "3 V7x N6\n", "worthless" },
                { "3 V7 N\n", "worthless" }, { "1 7\n", "worthless" }, { "1 0 6\n", "worthless" },
        };

        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                _cleanup_free_ char *got = describe(examples[i].file);

                CHECK_TEXT(got, examples[i].want);
        }
}

TEST("what is written reads as it was, in Dovecot's form") {
        static const char want[] = "3 V7 N6 Gabc\n1 :1.a,S=35\n5 W2 Pp :2.b\n";
        _cleanup_buffer_ Buffer file = { 0 };
        _cleanup_free_ char *got = NULL;

        dovecot_uidlist_append_header(&file, 7, 6, "Gabc");
        dovecot_uidlist_append_entry(&file, 1, "", "1.a,S=35");
        dovecot_uidlist_append_entry(&file, 5, "W2 Pp", "2.b");
        CHECK_TEXT(file.data, want);
        got = describe(file.data);
        CHECK_TEXT(got, "7 6 (Gabc): 1()1.a,S=35 5(W2 Pp)2.b");
}

TEST("the file has the rights of its folder") {
        _cleanup_(fixture_done) Fixture fixture;
        _cleanup_dovecot_uidlist_ DovecotUidlist list = { 0 };
        _cleanup_buffer_ Buffer file = { 0 };
        struct stat st = { 0 }, again = { 0 };
        mode_t mask;

        fixture_init(&fixture);
        CHECK_NUMBER(dovecot_uidlist_read(&fixture.folder, &list, NULL), DISK_MISSING);
        CHECK(fchmod(fixture.folder.dir_fd, 0770) == 0);
        dovecot_uidlist_append_header(&file, 7, 6, "");
        mask = umask(0);
        CHECK_NUMBER(dovecot_uidlist_write(&fixture.folder, &fixture.names, &file, &st), DISK_DONE);
        (void) umask(mask);
        CHECK_NUMBER(st.st_mode & 0777, 0660);
        CHECK_NUMBER(dovecot_uidlist_read(&fixture.folder, &list, &again), DISK_DONE);
        CHECK_NUMBER(list.uids.uidvalidity, 7);
        CHECK_NUMBER(again.st_ino, st.st_ino);
}

TESTS_END
