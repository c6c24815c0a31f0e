"""Which of the two languages a process speaks that has no person before it."""

from collections.abc import Mapping


def language(setting: str, environ: Mapping[str, str]) -> str:
    """``fr`` or ``en``: the setting's, else the environment's, else French.

    Any other setting counts as ``auto``, any other ``AMELI_LANG`` as none.
    """
    if setting in ("fr", "en"):
        return setting
    chosen = environ.get("AMELI_LANG", "")[:2].lower()
    if chosen in ("fr", "en"):
        return chosen
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    first = next((value for name in names if (value := environ.get(name))), "")
    return "en" if first[:2].lower() == "en" else "fr"
