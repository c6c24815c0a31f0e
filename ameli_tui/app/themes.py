"""Colours: two themes of our own for terminals that have them, Textual's ``ansi-*`` for those with sixteen."""

from collections.abc import Mapping

from textual.theme import Theme

OUR_THEMES = (
    Theme(
        name="ameli-dark", dark=True, primary="#5fa8d3", secondary="#62b6a5", accent="#e0b76c", foreground="#d8dee4",
        background="#11171d", surface="#161d24", panel="#1d2730", success="#7fc48f", warning="#e6b566",
        error="#e57f76", variables={"border": "#3a4956", "border-blurred": "#2b3742", "text-muted": "#8896a3"},
    ),
    Theme(
        name="ameli-light", dark=False, primary="#1f6f9f", secondary="#1f7a68", accent="#8a5a00", foreground="#1d252c",
        background="#fbfaf7", surface="#f3f1ec", panel="#e6e3db", success="#24733a", warning="#8a5a00",
        error="#a8322a", variables={"border": "#9aa5ad", "border-blurred": "#c3c9cd",
                   "text-muted": "#5d676f"},
    ),
)


def choose_theme(wanted: str, color_system: str | None, environ: Mapping[str, str]) -> str:
    """The theme for this terminal.

    ``wanted`` is the setting: ``auto``, ``dark``, ``light`` or the name of a theme. ``color_system`` is what the
    terminal offers as Rich names it (``standard`` is sixteen colours, ``None`` no colour).
    """
    light = wanted == "light" or (wanted == "auto" and _light_background(environ.get("COLORFGBG", "")))
    if wanted not in ("auto", "dark", "light"):
        return wanted
    if color_system == "standard":
        return "ansi-light" if light else "ansi-dark"
    return "ameli-light" if light else "ameli-dark"


def _light_background(colorfgbg: str) -> bool:
    """Some terminals say their colours as "foreground;background"; 7 and 15 are light grounds."""
    return colorfgbg.rpartition(";")[2] in ("7", "15")
