"""Runs a module as a supervised process: `python -m bot.child MODULE ARGUMENT …`.

The process ends with the one that started it, however that one ends: no server is left behind.
"""

import ctypes
import os
import runpy
import signal
import sys
from typing import Final

# The supervisor's process id, so that a child can notice that it is already gone.
PARENT_VARIABLE: Final = "BOT_PARENT_PROCESS"
_PR_SET_PDEATHSIG: Final = 1


def end_with_parent(parent: int) -> None:
    """Asks the kernel to end this process when its parent ends; exits at once if that has happened already."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)


if __name__ == "__main__":
    end_with_parent(int(os.environ[PARENT_VARIABLE]))
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
