"""The Social Security number (NIR): its form, its key, and the numbers that look like one.

Rules of the fund's own validator (assurance-maladie-digital/nir-validation): 13 characters, or 15 with the key;
key = 97 − (number mod 97), Corsica's 2A and 2B counted as 19 and 18.
"""

import re
from typing import Literal, NamedTuple

from agent.procedures.model import Both

NumberKind = Literal["nir", "nnp", "mig", "registering"]
_NIR = re.compile(r"[12]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)(?:0[1-9]|[1-9]\d|2[AB])\d{3}\d{3}(\d\d)?")
_SEPARATORS = re.compile(r"[\s.\-\u00a0\u202f]+")
_LENGTHS = (13, 15)


class Nir(NamedTuple):
    """A number whose form is right."""

    kind: NumberKind
    """``nnp``: the old provisional number (7, 8); ``mig``: migrants passing through (5, 6); ``registering``: 3, 4."""
    number: str
    """Thirteen characters."""
    key: str
    """Two digits; empty for the kinds that have none."""
    typed_key: bool
    """The key was given, and is right."""

    @property
    def abroad(self) -> bool:
        """Born outside France: it may be a waiting number, which cannot be told from a permanent one."""
        return self.kind == "nir" and self.number[5:7] == "99"

    @property
    def woman(self) -> bool:
        """The first digit is that of women."""
        return self.number[0] in "2468"


class BadNir(ValueError):
    """Not such a number; ``words`` says why."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.words = Both(fr, en)


def nir_key(number: str) -> str:
    """The two digits of the key of thirteen characters."""
    figures = number.replace("2A", "19").replace("2B", "18") if number[5:7] in ("2A", "2B") else number
    return f"{97 - int(figures) % 97:02d}"


def read_nir(text: str) -> Nir:
    """Read a number, typed with or without spaces and key. Raises BadNir."""
    given = _SEPARATORS.sub("", text).upper()
    if len(given) not in _LENGTHS:
        raise BadNir(f"Le numéro a 13 caractères, ou 15 avec sa clé ; ici {len(given)}.",
                     f"The number has 13 characters, or 15 with its key; here {len(given)}.")
    if given[0] in "345678" and given.isascii() and given.isdigit():
        if len(given) == 15 and given[0] not in "34":
            raise BadNir("Un numéro provisoire a 13 chiffres et pas de clé.",
                         "A provisional number has 13 digits and no key.")
        kind: NumberKind = {"7": "nnp", "8": "nnp", "5": "mig", "6": "mig"}.get(given[0], "registering")  # type: ignore[assignment]
        return Nir(kind, given[:13], given[13:], False)
    if not given.isascii() or not _NIR.fullmatch(given) or given[10:13] == "000":
        raise BadNir("Ce n'est pas la forme d'un numéro de sécurité sociale (sexe, année, mois, département, commune, "
                     "ordre).", "This is not the form of a Social Security number (sex, year, month, département, "
                     "municipality, order).")
    number, typed = given[:13], given[13:]
    # The whole department is letters in Corsica only: "2A" elsewhere in the number never passes the form above.
    key = nir_key(number)
    if typed and typed != key:
        raise BadNir("La clé (les deux derniers chiffres) ne va pas avec le numéro : un chiffre est faux.",
                     "The key (the last two digits) does not go with the number: a digit is wrong.")
    return Nir("nir", number, key, bool(typed))


TEMPORARY: dict[NumberKind, Both] = {
    "nnp": Both(
        "Un numéro qui commence par 7 ou 8 est un ancien numéro provisoire, hors d'usage depuis fin 2022 : demandez "
        "votre numéro définitif à la caisse (36 46).",
        "A number that begins with 7 or 8 is an old provisional number, out of use since the end of 2022: ask the fund "
        "for your permanent one (36 46; in English 09 74 75 36 46)."),
    "mig": Both(
        "Un numéro qui commence par 5 ou 6 est un numéro interne de la caisse : il n'ouvre pas de compte en ligne.",
        "A number that begins with 5 or 6 is internal to the fund: it opens no account online."),
    "registering": Both(
        "Un numéro qui commence par 3 ou 4 est celui d'une immatriculation en cours : attendez le numéro définitif.",
        "A number that begins with 3 or 4 belongs to a registration under way: wait for the permanent number."),
}
"""Why a number that is no NIR cannot be used, and what to do."""
