/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exit statuses: courierctl(1), section EXIT STATUS. */
#pragma once

enum {
        CTL_DONE = 0,
        CTL_NO = 1,           /* the answer is no */
        CTL_USAGE = 2,
        CTL_UNAVAILABLE = 75, /* nobody can say now: EX_TEMPFAIL of sysexits(3) */
};

/** ctl_usage() - tell standard error how the program is used. Return: CTL_USAGE */
int ctl_usage(void);
