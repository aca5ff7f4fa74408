#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs pytest on its arguments; 77 (skipped) where pytest is not installed."""
import sys

try:
    import pytest
except ImportError:
    print("pytest is not installed")
    sys.exit(77)

sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]]))
