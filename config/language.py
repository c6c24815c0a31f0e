"""Which of the two languages a process speaks that has no person before it."""

from collections.abc import Mapping


def language(setting: str, environ: Mapping[str, str]) -> str:
    """``fr`` or ``en``: the setting's, else the environment's, else French. Any other setting counts as ``auto``."""
    if setting in ("fr", "en"):
        return setting
    names = ("AMELI_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    told = next((value for name in names if (value := environ.get(name))), "")
    return "en" if told.startswith("en") else "fr"
