/* SPDX-License-Identifier: GPL-3.0-or-later */
/* imapd-auth-userdb(8): accounts of Courier's userdb, read as text. */
#include "auth/auth-service.h"
#include "auth/userdb-check.h"
#include "basic/setting.h"

static void refresh(void *context) {
        userdb_table_refresh(context);
}

int main(int argc, char **argv) {
        _cleanup_free_ char *path = setting_text("USERDB_PATH", "/etc/courier/userdb");
        _cleanup_(userdb_table_freep) UserdbTable *table = userdb_table_new(path);
        const AuthModule module = {
                .program = "imapd-auth-userdb", .context = table,
                .refresh = refresh, .answer = userdb_check,
        };

        return auth_service_main(argc, argv, &module);
}
