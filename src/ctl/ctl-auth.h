/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `courierctl auth`: what the account services say. */
#pragma once

/** ctl_auth() - @argv begins with "auth". Return: the program's exit status, see ctl-exit.h */
int ctl_auth(int argc, char **argv);
