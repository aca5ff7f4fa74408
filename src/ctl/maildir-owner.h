/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mail belongs to its owner, and root's hands stay off it: root would follow what the owner puts
 * in the way, and leave files behind that the owner cannot change.
 */
#pragma once

/**
 * maildir_enter() - make a Maildir the working directory, and root its owner for good
 *
 * Root follows no symbolic link on the way. Return: CTL_DONE, or an exit status, reported.
 */
int maildir_enter(const char *path);
