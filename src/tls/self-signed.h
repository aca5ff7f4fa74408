/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificate of a server whose administrator has not got one yet. */
#pragma once

/**
 * self_signed_ensure() - make the file when it is missing, unusable or nearly over
 * @file:  certificate and key, mode 0600; written beside it and renamed
 *
 * EC P-256, valid for a year, for the machine's host name and "localhost".
 * Return: 0 (also when nothing was to do) or negative errno, reported.
 */
[[nodiscard]] int self_signed_ensure(const char *file);
