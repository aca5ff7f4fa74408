/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mailboxes as a whole: names, lists, subscriptions, renames. */
#include "store-fixture.h"

/* "INBOX> INBOX/A INBOX/B(>": '>' has children, '(' does not exist. */
static char *describe_list(const StoreList *list) {
        Buffer text = { 0 };

        buffer_append_text(&text, "");
        for (size_t i = 0; i < list->n_entries; i++)
                buffer_printf(&text, "%s%s%s%s", i > 0 ? " " : "", list->entries[i].name,
                              list->entries[i].exists ? "" : "(", list->entries[i].has_children ? ">" : "");
        return buffer_take_text(&text);
}

#define CHECK_LIST(store, want)                                         \
        do {                                                            \
                _cleanup_store_list_ StoreList list = { 0 };            \
                _cleanup_free_ char *is = NULL;                         \
                CHECK_NUMBER(store_list((store), &list), STORE_DONE);   \
                is = describe_list(&list);                              \
                CHECK_TEXT(is, want);                                   \
        } while (0)

TEST("mailboxes are listed with parents that only their children imply; files are no mailboxes") {
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        CHECK_LIST(fixture.store, "INBOX");
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/B/c/d"), STORE_DONE);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/B-x"), STORE_DONE);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        put_file(&fixture, ".file", "");
        CHECK_LIST(fixture.store, "INBOX> INBOX/A INBOX/B(> INBOX/B/c(> INBOX/B/c/d INBOX/B-x");
        CHECK(has_file(&fixture, ".A/maildirfolder"));
}

TEST("of one name is said what the list says, without the list") {
        _cleanup_fixture_ Fixture fixture;
        static const struct {
                const char *name;
                bool exists, has_children;
        } examples[] = {
                { "INBOX", true, true },     { "INBOX/B", false, true },  { "INBOX/B/c", false, true },
                { "INBOX/B/c/d", true, false }, { "INBOX/B-x", true, false }, { "INBOX/B-", false, false },
                { "INBOX/none", false, false },
        };

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/B/c/d"), STORE_DONE);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/B-x"), STORE_DONE);
        for (size_t i = 0; i < ELEMENTSOF(examples); i++) {
                bool exists, has_children;

                CHECK_NUMBER(store_list_one(fixture.store, examples[i].name, &exists, &has_children), STORE_DONE);
                CHECK_NUMBER(exists, examples[i].exists);
                CHECK_NUMBER(has_children, examples[i].has_children);
        }
}

TEST("INBOX can be neither made nor deleted, Trash not be deleted or renamed") {
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX"), STORE_EXISTS);
        CHECK_NUMBER(store_delete_mailbox(fixture.store, "INBOX"), STORE_RESERVED);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/Trash"), STORE_DONE);
        CHECK_NUMBER(store_delete_mailbox(fixture.store, "INBOX/Trash"), STORE_RESERVED);
        CHECK_NUMBER(store_rename_mailbox(fixture.store, "INBOX/Trash", "INBOX/T"), STORE_RESERVED);
        CHECK_NUMBER(store_delete_mailbox(fixture.store, "INBOX/No"), STORE_NO_SUCH_MAILBOX);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/../x"), STORE_INVALID_NAME);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "Else"), STORE_INVALID_NAME);
}

TEST("a deleted mailbox leaves its children; their parent is only implied then") {
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A/B"), STORE_DONE);
        append_text(&fixture, "INBOX/A", "x\r\n", 0);
        CHECK_NUMBER(store_delete_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        CHECK_LIST(fixture.store, "INBOX> INBOX/A(> INBOX/A/B");
        CHECK_NUMBER(store_mailbox_exists(fixture.store, "INBOX/A"), STORE_NO_SUCH_MAILBOX);
        CHECK_NUMBER(store_mailbox_exists(fixture.store, "INBOX/A/B"), STORE_DONE);
        CHECK_NUMBER(count_files(&fixture, "tmp"), 0);
}

TEST("a renamed mailbox keeps its messages, UIDs, UIDVALIDITY and children") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *before = NULL, *after = NULL;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A/B"), STORE_DONE);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/AB"), STORE_DONE);
        append_text(&fixture, "INBOX/A", "x\r\n", 0);
        append_text(&fixture, "INBOX/A", "y\r\n", FLAG_SEEN);
        before = open_box(&fixture, "INBOX/A", MAILBOX_READ_WRITE);
        CHECK_NUMBER(store_rename_mailbox(fixture.store, "INBOX/A", "INBOX/AB"), STORE_EXISTS);
        CHECK_NUMBER(store_rename_mailbox(fixture.store, "INBOX/No", "INBOX/X"), STORE_NO_SUCH_MAILBOX);
        CHECK_NUMBER(store_rename_mailbox(fixture.store, "INBOX/A", "INBOX/X/Y"), STORE_DONE);
        CHECK_LIST(fixture.store, "INBOX> INBOX/AB INBOX/X(> INBOX/X/Y> INBOX/X/Y/B");
        after = open_box(&fixture, "INBOX/X/Y", MAILBOX_READ_WRITE);
        CHECK_BOX(after, "1 2S");
        CHECK_NUMBER(mailbox_uidvalidity(after), mailbox_uidvalidity(before));
        CHECK_NUMBER(mailbox_refresh(before, true, NULL), STORE_MAILBOX_LOST);
}

TEST("renaming INBOX moves its messages and leaves it, and its children, where they are") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_(mailbox_closep) Mailbox *inbox = NULL, *old = NULL;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        append_text(&fixture, "INBOX", "x\r\n", FLAG_FLAGGED);
        put_file(&fixture, "new/1.n", "n\n");
        CHECK_NUMBER(store_rename_mailbox(fixture.store, "INBOX", "INBOX/A"), STORE_EXISTS);
        CHECK_NUMBER(store_rename_mailbox(fixture.store, "INBOX", "INBOX/Old"), STORE_DONE);
        inbox = open_box(&fixture, "INBOX", MAILBOX_READ_WRITE);
        old = open_box(&fixture, "INBOX/Old", MAILBOX_READ_WRITE);
        CHECK_BOX(inbox, "");
        CHECK_BOX(old, "1F 2");
        CHECK_LIST(fixture.store, "INBOX> INBOX/A INBOX/Old");
}

TEST("what is only implied by its children is renamed with them; into itself works") {
        _cleanup_fixture_ Fixture fixture;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A/B"), STORE_DONE);
        CHECK_NUMBER(store_rename_mailbox(fixture.store, "INBOX/A", "INBOX/C"), STORE_DONE);
        CHECK_LIST(fixture.store, "INBOX> INBOX/C(> INBOX/C/B");
        CHECK_NUMBER(store_rename_mailbox(fixture.store, "INBOX/C/B", "INBOX/C/B/D"), STORE_DONE);
        CHECK_LIST(fixture.store, "INBOX> INBOX/C(> INBOX/C/B(> INBOX/C/B/D");
}

TEST("subscriptions are Courier's lines, existing or not") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_store_list_ StoreList list = { 0 };
        _cleanup_free_ char *text = NULL, *is = NULL;

        fixture_init(&fixture);
        put_file(&fixture, "courierimapsubscribed", "inbox.B.c\n#shared.x.y\nINBOX.B.c\nNonsense\n");
        CHECK_NUMBER(store_subscribe(fixture.store, "INBOX/A"), STORE_DONE);
        CHECK_NUMBER(store_subscribe(fixture.store, "INBOX/a.b"), STORE_INVALID_NAME);
        CHECK_NUMBER(store_unsubscribe(fixture.store, "INBOX/No"), STORE_DONE);
        text = get_file(&fixture, "courierimapsubscribed");
        CHECK_TEXT(text, "inbox.B.c\n#shared.x.y\nINBOX.B.c\nNonsense\nINBOX.A\n");
        CHECK_NUMBER(store_subscriptions(fixture.store, &list), STORE_DONE);
        is = describe_list(&list);
        CHECK_TEXT(is, "#shared(> #shared/x(> #shared/x/y INBOX(> INBOX/A INBOX/B(> INBOX/B/c");
}

TEST("a mailbox is marked when a message in it is not seen") {
        _cleanup_fixture_ Fixture fixture;
        bool marked = true;

        fixture_init(&fixture);
        put_file(&fixture, "cur/1.a:2,S", "a\n");
        CHECK_NUMBER(store_is_marked(fixture.store, "INBOX", &marked), STORE_DONE);
        CHECK(!marked);
        put_file(&fixture, "new/2.b", "b\n");
        CHECK_NUMBER(store_is_marked(fixture.store, "INBOX", &marked), STORE_DONE);
        CHECK(marked);
}

TEST("a file where the Maildir should be is told from one that is missing") {
        StoreSettings settings = { .host_name = "host" };
        MailStore *store = NULL;

        log_set_max_level(LOG_CRIT);
        CHECK_NUMBER(store_open("/etc/passwd", &settings, &store), STORE_NO_MAILDIR);
        CHECK_NUMBER(store_open("/etc/passwd/x", &settings, &store), STORE_NO_MAILDIR);
}

static char *object_id(Fixture *fixture, const char *name) {
        _cleanup_(mailbox_closep) Mailbox *box = open_box(fixture, name, MAILBOX_READ_WRITE);
        char text[MAILBOX_OBJECT_ID_SIZE];

        mailbox_object_id(box, text);
        return text_dup(text);
}

TEST("a mailbox keeps its object id when it is renamed and when its index is lost; a new one has its own") {
        _cleanup_fixture_ Fixture fixture;
        _cleanup_free_ char *first = NULL, *renamed = NULL, *rebuilt = NULL, *second = NULL, *inbox = NULL;

        fixture_init(&fixture);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/A"), STORE_DONE);
        append_text(&fixture, "INBOX/A", "x\r\n", 0); /* so that courierimapuiddb is written */
        first = object_id(&fixture, "INBOX/A");
        CHECK_NUMBER(strlen(first), 33);
        CHECK_NUMBER(store_rename_mailbox(fixture.store, "INBOX/A", "INBOX/B"), STORE_DONE);
        renamed = object_id(&fixture, "INBOX/B");
        CHECK_TEXT(renamed, first);
        remove_file(&fixture, ".B/imapd.index");
        rebuilt = object_id(&fixture, "INBOX/B");
        CHECK_TEXT(rebuilt, first);
        CHECK_NUMBER(store_delete_mailbox(fixture.store, "INBOX/B"), STORE_DONE);
        CHECK_NUMBER(store_create_mailbox(fixture.store, "INBOX/B"), STORE_DONE);
        second = object_id(&fixture, "INBOX/B");
        inbox = object_id(&fixture, "INBOX");
        CHECK(strcmp(second, first) != 0 && strcmp(inbox, first) != 0 && strcmp(inbox, second) != 0);
}

TESTS_END
