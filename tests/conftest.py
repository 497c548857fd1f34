"""What all tests rely on."""

from __future__ import annotations

import signal

# Begun in the background of a shell, pytest ignores Ctrl-C, and so would every program whose end by Ctrl-C is tested.
signal.signal(signal.SIGINT, signal.default_int_handler)
