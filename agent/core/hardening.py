"""What the operating system can do to keep the agent's memory its own."""

import ctypes
import resource
import sys

_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4


def harden() -> None:
    """No core file, and on Linux no reading of this process by others of the same user. Best effort by nature."""
    if resource.getrlimit(resource.RLIMIT_CORE) != (0, 0):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def hardened() -> bool:
    """Whether that holds for this process."""
    if sys.platform == "linux" and ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) != 0:
        return False
    return resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
