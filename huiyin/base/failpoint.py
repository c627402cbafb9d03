"""Named places where the fault tests end the process, as a power cut would: `HUIYIN_FAILPOINT=name:N`."""

import os
import signal

_name, _, _count = os.environ.get("HUIYIN_FAILPOINT", "").partition(":")
_left = int(_count or 1)


def pass_by(name: str) -> None:
    """Do nothing, unless this is the armed point and its Nth passing: then die at once, by SIGKILL."""
    global _left
    if name == _name:
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
