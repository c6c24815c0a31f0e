"""Where windows go: the names by which programs of a desktop find its screen."""

from collections.abc import Mapping

NAMES = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY")
LONGEST = 1024
"""Signs of one value; a longer one is nobody's screen."""


def screen_of(environ: Mapping[str, str]) -> dict[str, str]:
    """The screen of an environment: empty over SSH and on a server."""
    if not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        return {}
    return {name: value for name in NAMES if 0 < len(value := environ.get(name, "")) <= LONGEST and "\0" not in value}
