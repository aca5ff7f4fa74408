/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bus interface that sessions see, imapd-notify(8). */
#pragma once

#include <systemd/sd-bus.h>

#define NOTIFY_OBJECT    "/org/courier_imapd/Notify1"
#define NOTIFY_INTERFACE "org.courier_imapd.Notify1"

/** The methods and properties of NOTIFY_INTERFACE, for sd_bus_add_object_vtable(). */
extern const sd_bus_vtable notify_watch_vtable[];
