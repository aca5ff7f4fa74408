/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names in cur/, listed when somebody asks. */
#include "store/current-names.h"

void current_names_forget(CurrentNames *names) {
        file_list_done(&names->files);
        name_map_done(&names->map);
        names->listed = false;
}

void current_names_done(CurrentNames *names) {
        current_names_forget(names);
}

static int list(CurrentNames *names) {
        int r = file_list_read(names->folder->cur_fd, &names->files);

        if (r != DISK_DONE)
                return r;
        name_map_init(&names->map, names->files.n_files);
        for (size_t i = 0; i < names->files.n_files; i++)
                name_map_add(&names->map, file_list_at(&names->files, i), (uint32_t) i);
        names->listed = true;
        return DISK_DONE;
}

int current_names_find(CurrentNames *names, const char *name, const char **ret_name) {
        int r = names->listed ? DISK_DONE : list(names);
        uint32_t found;

        if (r != DISK_DONE)
                return r;
        if (!name_map_find(&names->map, name, &found))
                return DISK_MISSING;
        *ret_name = file_list_at(&names->files, found);
        return DISK_DONE;
}
