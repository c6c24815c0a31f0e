"""The words that a copy may keep: everything else is masked."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
          "decembre")
SPELT = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
         "décembre")
SHORT = ("janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")
CAPITALS = frozenset({
    # What the service and banks write in capitals. Other capitals are names or places: LE PAGE, MAI.
    "ACTIF", "AMELI", "AS", "ASSURANCE", "ASSURE", "ATTESTATION", "BIC", "CB", "CPAM", "CPTE", "CREDIT", "CSRF",
    "DATE", "DE", "DEBIT", "DIV", "DROITS", "ENVOI", "EUR", "EVT", "FAMILLE", "FETCH", "IBAN", "ID", "LIBELLE",
    "LOGIN", "MONTANT", "NECESSAIRE", "OTP", "PAIEMENT", "PDF", "PRLV", "RECU", "REF", "REMBOURSEMENT", "SAISIE",
    "SCT", "SDD", "SEPA", "SOINS", "TIERS", "TOKEN", "UN", "URL", "UTF", "VIR", "VIREMENT", "VIREMENTS", "XFER",
})


def fold(word: str) -> str:
    """Lower case, without accents; ``º`` is an o."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """The words of ``vocabulary.txt``, folded."""
    text = files(__package__).joinpath("vocabulary.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(fold(word) for line in lines for word in line.split())


def may_stay(word: str) -> bool:
    """The word belongs to the form, not to the person. Words in capitals are names unless listed apart."""
    if len(word) > 1 and word.isupper():
        return word in CAPITALS
    return fold(word) in words()


def month_of(word: str) -> tuple[int, bool] | None:
    """(0 to 11, whether it is a short form) of a month's name; None for other words."""
    folded = fold(word)
    if folded in MONTHS:
        return MONTHS.index(folded), False
    shorts = [fold(name) for name in SHORT]
    return (shorts.index(folded), True) if folded in shorts else None


def like(new: str, old: str) -> str:
    """``new`` in the case of ``old``."""
    if old.isupper() and len(old) > 1:
        return new.upper()
    return new.capitalize() if old[:1].isupper() else new


LETTERS = re.compile(r"[^\W\d_]+")
