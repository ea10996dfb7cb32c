"""Child processes that never outlive their parent, whatever ends it.

Linux tells a child when the thread that bore it ends: so children are born from a main thread.
"""

from __future__ import annotations

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def follow_parent(number: signal.Signals, *, parent: int) -> None:
    """Have the kernel send this process a signal when its parent dies; at once if it has died."""
    _libc.prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def lead_own_session(*, parent: int) -> None:
    """Between fork and exec: leave the terminal's signals to the parent, and end when it does."""
    os.setsid()
    follow_parent(signal.SIGKILL, parent=parent)
