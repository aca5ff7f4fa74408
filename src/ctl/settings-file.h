/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's settings files, which systemd reads for it (EnvironmentFile=), for a tool that an
 * administrator starts. */
#pragma once

/**
 * settings_file_load() - put what a file assigns into the environment, unless it is there already
 *
 * Lines NAME=value as systemd.exec(5) has them: quotes are taken off, '#' and ';' begin a comment
 * line; other lines are skipped. A file that is missing assigns nothing.
 * Return: 0 or negative errno, reported.
 */
[[nodiscard]] int settings_file_load(const char *path);
