"""What arguments of commands may be: argparse types that refuse in the person's language."""

from __future__ import annotations

import argparse
import os

from ameli_tui.cli.errors import WrongUsage
from ameli_tui.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def day(text: str) -> str:
    """argparse type: an ISO day, checked."""
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("“{text}” is not a day like 2026-11-23").format(text=text)) from error


def check_today() -> None:
    """Refuse an ``AMELI_TODAY`` that is no day, before a process is started that would stumble over it."""
    if moved := os.environ.get("AMELI_TODAY"):
        try:
            day(moved)
        except argparse.ArgumentTypeError as error:
            raise WrongUsage(reason=f"AMELI_TODAY: {error}.", prog="ameli") from error


def whole(least: int, most: int) -> Callable[[str], int]:
    """An argparse type: a whole number from ``least`` to ``most``."""
    def read(text: str) -> int:
        digits = text.removeprefix("-")
        if not digits.isascii() or not digits.isdigit():
            raise argparse.ArgumentTypeError(_("“{text}” is not a whole number").format(text=text))
        # Python refuses to turn thousands of digits into a number: so many are beyond every bound anyway.
        number = int(text) if len(digits) <= _DIGITS else (-1 if text.startswith("-") else 1) * 10 ** _DIGITS
        if number < least:
            raise argparse.ArgumentTypeError(_("“{text}” is too small: {least} at least").format(
                text=_shortened(text), least=least))
        if number > most:
            raise argparse.ArgumentTypeError(_("“{text}” is too large: {most} at most").format(
                text=_shortened(text), most=most))
        return number

    return read


def _shortened(text: str) -> str:
    return text if len(text) <= _DIGITS else f"{text[:_DIGITS]}…"


_DIGITS = 18
count = whole(0, 999_999_999)
"""A number of things."""
year = whole(1900, 2100)
"""A calendar year. The service is younger than the first, the law of the last is not written."""
port = whole(0, 65_535)
"""A TCP port; 0 for any that is free."""
years = whole(1, 100)
"""How far back an invented account goes."""
payments = whole(1, 1_000_000)
"""How many payments it has: more would not fit into this machine's memory."""
months = whole(0, 1200)
"""How far back a page goes; 0 for all the way."""
