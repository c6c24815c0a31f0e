"""A stand-in for the user's service manager: ``systemd-run`` and ``systemctl`` that keep the shape of the calls.

What it runs gets an environment of its own and outlives the command that asked for it, as a real unit does. It is no
systemd: no sandbox is set up, and nothing here proves that a real manager takes the calls.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

_RUN = """#!{python} -I
import json, os, subprocess, sys
args = sys.argv[1:]
at = args.index("--")
options, program = args[:at], args[at + 1:]
with open({calls!r}, "a") as log:
    log.write(json.dumps({{"options": options, "program": program, "environ": sorted(os.environ)}}) + "\\n")
if {fails!r}:
    sys.exit({fails!r})
known = [one.split("=", 1) for one in options if one.startswith("--setenv=")]
environ = dict(one[1].split("=", 1) for one in known)
environ = {{"PATH": {path!r}, "HOME": {home!r}, **environ}}
pipe = None if "--pipe" in options else subprocess.DEVNULL
child = subprocess.Popen(program, stdin=pipe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ,
                         start_new_session=True)
unit = next(one.split("=", 1)[1] for one in options if one.startswith("--unit="))
with open(os.path.join({units!r}, unit), "w") as file:
    file.write(str(child.pid))
sys.exit(child.wait())
"""
_CONTROL = """#!{python} -I
import json, os, signal, sys
args = sys.argv[1:]
with open({calls!r}, "a") as log:
    log.write(json.dumps({{"control": args}}) + "\\n")
assert args[:2] == ["--user", "stop"], args
os.killpg(int(open(os.path.join({units!r}, args[2])).read()), signal.SIGTERM)
"""


class Manager:
    """Its programs lie in ``folder / "bin"``, which goes before everything else on PATH."""

    def __init__(self, folder: Path, fails: str = "") -> None:
        """``fails``: what ``systemd-run`` says instead of running anything."""
        self._calls, units, self.bin = folder / "calls", folder / "units", folder / "bin"
        for one in (units, self.bin):
            one.mkdir(parents=True)
        facts = {"python": sys.executable, "calls": str(self._calls), "units": str(units), "fails": fails,
                 "path": os.environ["PATH"], "home": str(folder)}
        for name, text in (("systemd-run", _RUN), ("systemctl", _CONTROL)):
            (self.bin / name).write_text(text.format(**facts))
            (self.bin / name).chmod(0o755)
        self.environ = {"PATH": f"{self.bin}:{os.environ['PATH']}", "AMELI_SERVICE": "ameli-agent.service"}
        """What the agent of such a service has, and nothing else of ours."""

    @property
    def calls(self) -> list[dict[str, Any]]:
        """What it was asked, in order."""
        return [json.loads(line) for line in self._calls.read_text().splitlines()] if self._calls.exists() else []
