"""Bank accounts: the IBAN and its two keys, the BIC, and the bank's name where its code is well known."""

import re
from typing import NamedTuple

from agent.procedures.model import Both

STRUCTURES = {
    "AD": "8n12c", "AL": "8n16c", "AT": "16n", "BE": "12n", "BG": "4a6n8c", "CH": "5n12c", "CY": "8n16c", "CZ": "20n",
    "DE": "18n", "DK": "14n", "EE": "16n", "ES": "20n", "FI": "14n", "FR": "10n11c2n", "GB": "4a14n", "GI": "4a15c",
    "GR": "7n16c", "HR": "17n", "HU": "24n", "IE": "4a14n", "IS": "22n", "IT": "1a10n12c", "LI": "5n12c", "LT": "16n",
    "LU": "3n13c", "LV": "4a13c", "MC": "10n11c2n", "MD": "20c", "ME": "18n", "MK": "3n10c2n", "MT": "4a5n18c",
    "NL": "4a10n", "NO": "11n", "PL": "24n", "PT": "21n", "RO": "4a16c", "RS": "18n", "SE": "20n", "SI": "15n",
    "SK": "20n", "SM": "1a10n12c", "VA": "18n",
}
"""What follows the check digits, by country of the SEPA area: so many digits (n), capitals (a) or either (c). IBAN
registry, ISO 13616."""
_SIGNS = {"n": "[0-9]", "a": "[A-Z]", "c": "[0-9A-Z]"}
_PATTERNS = {
    country: re.compile("".join(f"{_SIGNS[kind]}{{{count}}}" for count, kind in re.findall(r"(\d+)(\w)", parts)))
    for country, parts in STRUCTURES.items()}
LENGTHS = {country: 4 + sum(map(int, re.findall(r"\d+", parts))) for country, parts in STRUCTURES.items()}
"""Characters of a whole IBAN."""
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
    if _PATTERNS[country].fullmatch(given[4:]) is None and country not in ("FR", "MC"):
        raise BadAccount(f"Un IBAN {country} n'a pas ces lettres et chiffres à ces places : recopiez-le.",
                         f"An IBAN of {country} has no such letters and digits in those places: copy it again.")
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
