"""How the service writes months, dates, amounts and numbers."""

from datetime import date
from decimal import Decimal
from html import escape

from agent.sandbox.server.options import SandboxOptions

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_SPACES = {"plain": " ", "nbsp": "\u00a0", "narrow": "\u202f"}


def esc(text: object) -> str:
    """Text made safe inside an element or a double- or single-quoted attribute."""
    return escape(str(text), quote=True)


def slashed(day: date) -> str:
    """``19/10/2018``."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def month_year(day: date) -> str:
    """``octobre 2018``."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def row_month(day: date, options: SandboxOptions) -> str:
    """Month of a row, in the form the options ask for."""
    if options.month_form == "long":
        return MONTHS[day.month - 1]
    short = SHORT_MONTHS[day.month - 1]
    return short if options.month_form == "short" else short.rstrip(".")


def money(amount: Decimal, options: SandboxOptions) -> str:
    """``17,50 €``, with the spaces and the minus sign of the options."""
    space = _SPACES[options.amount_space]
    digits = f"{abs(amount):,.2f}" if options.thousands else f"{abs(amount):.2f}"
    digits = digits.replace(",", space).replace(".", ",")
    sign = "" if amount >= 0 else "-" if options.minus == "hyphen" else "−"
    return f"{sign}{digits}{space}€"


def spaced_number(nir: str) -> str:
    """The 13 characters as the service shows them: ``2 85 05 78 006 048``."""
    return f"{nir[0]} {nir[1:3]} {nir[3:5]} {nir[5:7]} {nir[7:10]} {nir[10:13]}"


def number_key(nir: str) -> str:
    """The two-digit key of a 13-character number (Corsica's 2A and 2B included)."""
    digits = nir.upper().replace("2A", "19").replace("2B", "18")
    return f"{97 - int(digits) % 97:02d}"


def back(day: date, months: int) -> date:
    """First day of the month that lies ``months`` before ``day``'s."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def yyyymm(day: date) -> str:
    """``202610``."""
    return f"{day.year:04d}{day.month:02d}"
