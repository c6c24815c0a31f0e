"""Bank accounts: the IBAN and its two keys, the BIC, and the bank's name where its code is well known."""

import re
from typing import NamedTuple

from agent.procedures.model import Both

LENGTHS = {
    "AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27,
    "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15,
    "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}
"""Characters of an IBAN, by country of the SEPA area (IBAN registry, ISO 13616)."""
_BANKS = {
    "10096": "CIC Lyonnaise de Banque", "10107": "BRED Banque Populaire", "10207": "Banque Populaire Rives de Paris",
    "10278": "Crédit Mutuel", "11315": "Caisse d'Épargne CEPAC", "12548": "AXA Banque", "13485":
    "Caisse d'Épargne Languedoc-Roussillon", "13807": "Banque Populaire Grand Ouest", "14518": "Fortuneo",
    "16958": "Qonto", "17515": "Caisse d'Épargne Île-de-France", "18206": "Crédit Agricole Île-de-France",
    "20041": "La Banque Postale", "20433": "N26", "28233": "Revolut", "30001": "Banque de France", "30002": "LCL",
    "30003": "Société Générale", "30004": "BNP Paribas", "30006": "Crédit Agricole", "30027": "CIC Nord Ouest",
    "30047": "CIC Ouest", "30056": "HSBC", "30066": "CIC", "30087": "CIC Est", "40618": "BoursoBank",
}
_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
"""How the letters of a French account number count in its key."""
_SEPARATORS = re.compile(r"[\s\-.\u00a0\u202f]+")
_FRENCH = re.compile(r"\d{10}[0-9A-Z]{11}\d{2}")
_BIC = re.compile(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


class Iban(NamedTuple):
    """An IBAN whose keys are right."""

    text: str
    """Without spaces, in capitals."""
    country: str
    bank: str | None
    """The bank's name, where its code is one of the well-known ones."""

    @property
    def grouped(self) -> str:
        """In groups of four, as it is printed."""
        return " ".join(self.text[start:start + 4] for start in range(0, len(self.text), 4))


class BadAccount(ValueError):
    """Not an account that can be paid to; ``words`` says why."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.words = Both(fr, en)


def read_iban(text: str) -> Iban:
    """Read an IBAN of the SEPA area. Raises BadAccount."""
    given = _SEPARATORS.sub("", text).upper().removeprefix("IBAN")
    if not given.isascii() or not given.isalnum() or not re.match(r"[A-Z]{2}\d\d", given):
        raise BadAccount("Un IBAN commence par deux lettres et deux chiffres (FR76…) et n'a que lettres et chiffres.",
                         "An IBAN begins with two letters and two digits (FR76…) and has letters and digits only.")
    country = given[:2]
    length = LENGTHS.get(country)
    if length is None:
        raise BadAccount(f"« {country} » n'est pas un pays de la zone SEPA : la caisse ne peut pas y verser.",
                         f"“{country}” is not a country of the SEPA area: the fund cannot pay there.")
    if len(given) != length:
        raise BadAccount(f"Un IBAN {country} a {length} caractères ; ici {len(given)}.",
                         f"An IBAN of {country} has {length} characters; here {len(given)}.")
    if _mod_97(given) != 1:
        raise BadAccount("La clé de l'IBAN est fausse : un caractère a été mal recopié.",
                         "The IBAN's check digits are wrong: a character was copied wrongly.")
    if country in ("FR", "MC"):
        return Iban(given, country, _french(given[4:]))
    return Iban(given, country, None)


def _mod_97(iban: str) -> int:
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97


def _french(account: str) -> str | None:
    """Check the inner key of a French account and name its bank."""
    if not _FRENCH.fullmatch(account):
        raise BadAccount("Un compte français a 5 chiffres de banque, 5 de guichet, 11 caractères et 2 de clé.",
                         "A French account has 5 digits of bank, 5 of branch, 11 characters and a key of 2.")
    bank, branch, number, key = account[:5], account[5:10], account[10:21].translate(_LETTERS), account[21:]
    expected = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(number)) % 97
    if int(key) != expected:
        raise BadAccount("La clé RIB (les deux derniers chiffres) est fausse : recopiez le compte depuis le RIB.",
                         "The account's own key (the last two digits) is wrong: copy the account from the RIB again.")
    return _BANKS.get(bank)


def read_bic(text: str) -> str:
    """Read a BIC of 8 or 11 characters. Raises BadAccount."""
    given = _SEPARATORS.sub("", text).upper()
    if not given.isascii() or not _BIC.fullmatch(given):
        raise BadAccount("Un BIC a 8 ou 11 caractères : quatre lettres de banque, deux de pays, puis lettres ou "
                         "chiffres.", "A BIC has 8 or 11 characters: four letters of bank, two of country, then "
                         "letters or digits.")
    return given
