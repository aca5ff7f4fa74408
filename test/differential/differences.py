# SPDX-License-Identifier: GPL-3.0-or-later
"""The differences from Dovecot that we want, each with the sentence of the RFC that decides for us.

A row: check, pattern of the message's or search's name, who decides. A row that no difference needs any more is
reported as a failure, so that the list never grows stale.
"""
import re

ROWS = [
]


class Allowed:
    def __init__(self):
        self.used = set()

    def reason(self, check, name):
        for number, (row_check, pattern, why) in enumerate(ROWS):
            if row_check == check and re.search(pattern, name):
                self.used.add(number)
                return why
        return None

    def unused(self):
        return [row for number, row in enumerate(ROWS) if number not in self.used]
