"""What is wrong with a request: every mistake at once, with a code and a sentence in French."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from agent.sandbox.desk.bodies import Mistake, Mistakes
from agent.sandbox.desk.requirements import Demand, Matter
from agent.sandbox.model import Household, Person
from config.json_value import JsonValue, ReadOnlyJsonObject

_NIR = re.compile(r"[12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}(?:\d{2})?")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_SEPA_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21,
    "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}
_RIB_LETTERS = {**dict(zip("ABCDEFGHI", "123456789", strict=True)), **dict(zip("JKLMNOPQR", "123456789", strict=True)),
                **dict(zip("STUVWXYZ", "23456789", strict=True))}
_PHONE = re.compile(r"(?:0[1-9]\d{8}|\+[1-9]\d{6,14})")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>.]+(?:\.[^\s@<>.]+)*\.[a-zA-Z]{2,}")
_NAME = re.compile(r"[^\W\d_][^\d_<>]*")
_LONGEST = 5_000


def mistakes(matter: Matter, answers: ReadOnlyJsonObject, household: Household, today: date) -> list[Mistake]:
    """Everything the service refuses in these answers; empty when nothing is."""
    return [one for demand in matter.demands for one in _of(demand, answers, answers, household, today, "")]


def mistake(field: str, code: str, message: str) -> Mistake:
    """One mistake as the wire writes it."""
    return {"field": field, "code": code, "message": message}


def _of(
    demand: Demand, answers: ReadOnlyJsonObject, outer: ReadOnlyJsonObject, household: Household, today: date,
    where: str,
) -> list[Mistake]:
    field, given = where + demand.field, answers.get(demand.field)
    if demand.when is not None and not demand.when.holds({**outer, **answers}):
        return []
    if given is None or given in ("", []):
        return [mistake(field, "required", "Cette information est obligatoire.")] if demand.required else []
    if demand.answer == "group":
        return _group(demand, given, outer, household, today, field)
    refusal = _READERS[demand.answer](given, demand, household, today)
    return [mistake(field, *refusal)] if refusal else []


def _group(
    demand: Demand, given: JsonValue, outer: ReadOnlyJsonObject, household: Household, today: date, field: str,
) -> list[Mistake]:
    items = [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []
    if not isinstance(given, list) or len(items) != len(given):
        return [mistake(field, "invalid", "Une liste est attendue.")]
    return [wrong for rank, item in enumerate(items) for inner in demand.fields
            for wrong in _of(inner, item, outer, household, today, f"{field}[{rank}].")]


_Refusal = tuple[str, str] | None
"""Code and message, or None when the answer will do."""


def _text(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    if not isinstance(given, str) or not given.strip() or len(given) > _LONGEST:
        return "invalid", f"Un texte est attendu, de {_LONGEST} caractères au plus."
    return None


def _name(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    if not isinstance(given, str) or not _NAME.fullmatch(given) or len(given) > 100:
        return "invalid", "Ce nom n'est pas valide."
    return None


def _nir(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    number = re.sub(r"[\s.\-]", "", str(given)).upper()
    if len(number) not in (13, 15):
        return "length", "Le numéro doit compter 13 ou 15 caractères."
    if not _NIR.fullmatch(number):
        return "invalid", "Ce numéro n'est pas au format d'un numéro de sécurité sociale."
    digits = number[:13].replace("2A", "19").replace("2B", "18")
    if len(number) == 15 and 97 - int(digits) % 97 != int(number[13:]):
        return "key", "La clé ne correspond pas au numéro fourni."
    return None


def _iban(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    account = re.sub(r"\s", "", str(given)).upper()
    if not _IBAN.fullmatch(account) or _SEPA_LENGTHS.get(account[:2]) != len(account):
        return "invalid", "Cet IBAN n'est pas un compte de la zone SEPA."
    if int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97 != 1:
        return "key", "La clé de cet IBAN n'est pas bonne."
    if account[:2] in ("FR", "MC") and not _rib_key(account[4:]):
        return "key", "La clé RIB de ce compte n'est pas bonne."
    return None


def _rib_key(rib: str) -> bool:
    """French accounts bear a second key: bank, branch and account weighed, modulo 97."""
    digits = "".join(_RIB_LETTERS.get(sign, sign) for sign in rib)
    bank, branch, account, key = digits[:5], digits[5:10], digits[10:21], digits[21:]
    return 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97 == int(key)


def _date(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    return None if _day(given) else ("invalid", "Une date est attendue, comme 2026-11-23.")


def _past(given: object, _demand: Demand, _household: Household, today: date) -> _Refusal:
    day = _day(given)
    if day is None:
        return "invalid", "Une date est attendue, comme 2026-11-23."
    return ("future", "Cette date n'est pas encore passée.") if day > today else None


def _day(given: object) -> date | None:
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        return None


def _month(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    good = re.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])", str(given))
    return None if good else ("invalid", "Un mois est attendu, comme 2026-11.")


def _phone(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    number = re.sub(r"[\s.\-()]", "", str(given))
    return None if _PHONE.fullmatch(number) else ("invalid", "Ce numéro de téléphone n'est pas valide.")


def _email(given: object, _demand: Demand, household: Household, _today: date) -> _Refusal:
    return None if _EMAIL.fullmatch(str(given)) else ("invalid", "Saisissez une adresse e-mail valide.")


def _postcode(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    good = re.fullmatch(r"(?!00)\d{5}", str(given))
    return None if good else ("invalid", "Un code postal compte 5 chiffres.")


def _country(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    good = re.fullmatch(r"[A-Z]{2}", str(given))
    return None if good else ("invalid", "Un pays est attendu, par son code à deux lettres.")


def _yes_no(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    return None if isinstance(given, bool) else ("invalid", "Oui ou non est attendu.")


def _yes(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    return None if given is True else ("refused", "Vous devez l'accepter pour continuer.")


def _money(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    try:
        good = Decimal(str(given)) >= 0
    except InvalidOperation:
        good = False
    return None if good and not isinstance(given, bool) else ("invalid", "Un montant en euros est attendu.")


def _integer(given: object, _demand: Demand, _household: Household, _today: date) -> _Refusal:
    good = isinstance(given, int) and not isinstance(given, bool) and given >= 0
    return None if good else ("invalid", "Un nombre entier est attendu.")


def _choice(given: object, demand: Demand, _household: Household, _today: date) -> _Refusal:
    return None if given in demand.choices else ("invalid", f"Valeurs possibles : {', '.join(demand.choices)}.")


def _person(given: object, _demand: Demand, household: Household, _today: date) -> _Refusal:
    return None if known(household, given) else ("unknown_person", "Cette personne n'est pas rattachée à votre compte.")


def _people(given: object, _demand: Demand, household: Household, _today: date) -> _Refusal:
    if not isinstance(given, list):
        return "invalid", "Une liste de personnes est attendue."
    strangers = [str(one) for one in given if not known(household, one)]
    return ("unknown_person", "Ne sont pas rattachées à votre compte : " + ", ".join(strangers)) if strangers else None


def known(household: Household, name: object) -> bool:
    """Whether somebody of the account bears that name."""
    return find_person(household, name) is not None


def find_person(household: Household, name: object) -> Person | None:
    """Who bears that name: the first one, or first and last names in either order."""
    words = str(name).upper().split()
    for person in household.persons:
        first, last = person.first_name.upper().split(), person.last_name.upper().split()
        if words and words in (first, first + last, last + first):
            return person
    return None


_READERS: Mapping[str, Callable[[object, Demand, Household, date], _Refusal]] = {
    "text": _text, "name": _name, "nir": _nir, "iban": _iban, "date": _date, "past": _past, "month": _month,
    "phone": _phone, "email": _email, "postcode": _postcode, "country": _country, "yes_no": _yes_no, "yes": _yes,
    "money": _money, "integer": _integer, "choice": _choice, "person": _person, "people": _people,
}


def summed(wrong: Sequence[Mistake]) -> Mistakes:
    """The body of the answer that refuses."""
    return {"errors": list(wrong)}
