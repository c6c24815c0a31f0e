"""Every kind of answer: how it is read, its normal form, and the words of its refusal."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from agent.account import clean_text
from agent.procedures.answers import Answers, Value
from agent.procedures.identifiers.countries import countries
from agent.procedures.identifiers.iban import BadAccount, read_bic, read_iban
from agent.procedures.identifiers.nir import TEMPORARY, BadNir, read_nir
from agent.procedures.model import AnyField, Both, Kind, World
from agent.procedures.text_match import fold, nearest
from agent.protocol.procedures import AnswerValue

_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’.\-])*")
_EMAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+[a-z]{2,}")
_LONGEST_EMAIL, _LONGEST_NAME = 254, 80
_AMOUNT = re.compile(r"-?\d{1,9}(?:\.\d{1,2})?")
_YES, _NO = ("true", "yes", "oui", "vrai", "o", "y", "1"), ("false", "no", "non", "faux", "n", "0")
_FIRST_YEAR, _LAST_YEAR = 1880, 2200


class BadAnswer(ValueError):
    """An answer that its kind refuses; ``words`` says why."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.words = Both(fr, en)


def _line(given: AnswerValue) -> str:
    """A text of one line without what steers a terminal."""
    if not isinstance(given, str):
        raise BadAnswer("Un texte est attendu.", "A text is expected.")
    return " ".join(clean_text(given, 100_000).split())


def _text(field: AnyField, given: AnswerValue, _world: World) -> str:
    if "lines" in field.accepts and isinstance(given, str):
        text = clean_text(given.replace("\r\n", "\n"), 100_000).strip()
    else:
        text = _line(given)
    if "�" in text:
        raise BadAnswer("Le texte contient des caractères de commande.", "The text contains control characters.")
    if len(text) > field.longest:
        raise BadAnswer(f"Trop long : {len(text)} caractères, {field.longest} au plus.",
                        f"Too long: {len(text)} characters, {field.longest} at most.")
    if field.pattern and not re.fullmatch(field.pattern, text):
        words = field.pattern_words
        raise BadAnswer(f"Attendu : {words.fr or field.label.fr}.", f"Expected: {words.en or field.label.en}.")
    return text


def _name(_field: AnyField, given: AnswerValue, _world: World) -> str:
    text = _line(given)
    if len(text) > _LONGEST_NAME or not _NAME.fullmatch(text):
        raise BadAnswer("Un nom n'a que des lettres, espaces, tirets et apostrophes (80 au plus).",
                        "A name has letters, spaces, hyphens and apostrophes only (80 at most).")
    return text


def _nir(field: AnyField, given: AnswerValue, _world: World) -> str:
    try:
        number = read_nir(_line(given) if isinstance(given, str) else str(given))
    except BadNir as error:
        raise BadAnswer(*error.words) from None
    if number.kind != "nir" and "temporary" not in field.accepts:
        raise BadAnswer(*TEMPORARY[number.kind])
    return number.number + (number.key if number.typed_key else "")


def _iban(_field: AnyField, given: AnswerValue, _world: World) -> str:
    try:
        return read_iban(_line(given)).text
    except BadAccount as error:
        raise BadAnswer(*error.words) from None


def _bic(_field: AnyField, given: AnswerValue, _world: World) -> str:
    try:
        return read_bic(_line(given))
    except BadAccount as error:
        raise BadAnswer(*error.words) from None


def _date(field: AnyField, given: AnswerValue, world: World) -> date:
    text = _line(given)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    french = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
    parts = iso.groups() if iso else french.groups()[::-1] if french else None
    try:
        if parts is None:
            raise ValueError
        day = date(*(int(part) for part in parts))
    except ValueError:
        raise BadAnswer("Ce n'est pas un jour : attendu 2026-11-23 ou 23/11/2026.",
                        "This is not a day: 2026-11-23 or 23/11/2026 is expected.") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadAnswer(f"L'année {day.year} n'est pas possible ici.", f"The year {day.year} is not possible here.")
    _check_side(field, day, day, world)
    return day


def _month(field: AnyField, given: AnswerValue, world: World) -> str:
    text = _line(given)
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})", text)
    french = re.fullmatch(r"(\d{1,2})/(\d{4})", text)
    year, month = (int(part) for part in (iso.groups() if iso else french.groups()[::-1] if french else (0, 0)))
    if not 1 <= month <= 12 or not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise BadAnswer("Ce n'est pas un mois : attendu 2026-11 ou 11/2026.",
                        "This is not a month: 2026-11 or 11/2026 is expected.")
    _check_side(field, date(year, month, 1), date(year, month, monthrange(year, month)[1]), world)
    return f"{year}-{month:02d}"


def _check_side(field: AnyField, first: date, last: date, world: World) -> None:
    if "past" in field.accepts and first > world.today:
        raise BadAnswer("Ce jour n'est pas encore venu.", "That day has not come yet.")
    if "future" in field.accepts and last < world.today:
        raise BadAnswer("Ce jour est passé.", "That day has passed.")


def _phone(field: AnyField, given: AnswerValue, _world: World) -> str:
    text = re.sub(r"[\s.\-()/\u00a0\u202f]+", "", _line(given).replace("(0)", ""))
    if text.startswith("00"):
        text = "+" + text[2:]
    if re.fullmatch(r"0[1-9]\d{8}", text):
        text = "+33" + text[1:]
    if text.startswith("+33") and not re.fullmatch(r"\+33[1-9]\d{8}", text):
        raise BadAnswer("Un numéro français a 10 chiffres : 06 12 34 56 78.",
                        "A French number has 10 digits: 06 12 34 56 78.")
    if not text.isascii() or not re.fullmatch(r"\+[1-9]\d{6,14}", text):
        raise BadAnswer("Attendu : 10 chiffres, ou l'indicatif du pays (+44 20 7946 0018).",
                        "Expected: 10 digits, or the country's prefix (+44 20 7946 0018).")
    if "mobile" in field.accepts and text.startswith("+33") and text[3] not in "67":
        raise BadAnswer("Un portable français commence par 06 ou 07.", "A French mobile begins with 06 or 07.")
    return text


def _email(_field: AnyField, given: AnswerValue, _world: World) -> str:
    text = _line(given)
    local, _, domain = text.rpartition("@")
    text = f"{local}@{domain.lower()}"
    if len(text) > _LONGEST_EMAIL or ".." in text or local.startswith(".") or local.endswith(".") or (
            not _EMAIL.fullmatch(text)):
        raise BadAnswer("Saisissez une adresse e-mail valide, comme jeanne@example.org.",
                        "Enter a valid e-mail address, such as jeanne@example.org.")
    return text


def _postcode(field: AnyField, given: AnswerValue, _world: World) -> str:
    text = _line(given).replace(" ", "").upper()
    if "foreign" in field.accepts and re.fullmatch(r"[0-9A-Z\-]{2,12}", text):
        return text
    if not text.isascii() or not re.fullmatch(r"(?!00)\d{5}", text):
        raise BadAnswer("Un code postal a 5 chiffres : 75012.", "A postcode has 5 digits: 75012.")
    return text


def _country(_field: AnyField, given: AnswerValue, _world: World) -> str:
    text = _line(given)
    if text.upper() in countries():
        return text.upper()
    names = {fold(name): code for code, both in countries().items() for name in both}
    if fold(text) in names:
        return names[fold(text)]
    near = nearest(text, [name for both in countries().values() for name in both])
    raise BadAnswer(f"Pays inconnu.{meant(near).fr}", f"Unknown country.{meant(near).en}")


def _choice(field: AnyField, given: AnswerValue, _world: World) -> str:
    values = {fold(choice.value): choice.value for choice in field.choices}
    text = _line(given)
    if fold(text) in values:
        return values[fold(text)]
    shown = ", ".join(choice.value for choice in field.choices)
    raise BadAnswer(f"Valeurs possibles : {shown}.", f"Possible values: {shown}.")


def _choices(field: AnyField, given: AnswerValue, world: World) -> list[str]:
    return _several(field, given, lambda each: _choice(field, each, world))


def _yes_no(field: AnyField, given: AnswerValue, _world: World) -> bool:
    value = given
    if isinstance(given, str) or (isinstance(given, int) and not isinstance(given, bool)):
        word = fold(str(given).strip())
        value = True if word in _YES else False if word in _NO else None
    if not isinstance(value, bool):
        raise BadAnswer("Répondez true ou false (oui ou non).", "Answer true or false (yes or no).")
    if "yes" in field.accepts and not value:
        raise BadAnswer("Il faut l'accepter pour continuer.", "It must be agreed to in order to go on.")
    return value


def _money(field: AnyField, given: AnswerValue, _world: World) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal):
        raise BadAnswer("Un montant est attendu, comme 1234.50.", "An amount is expected, such as 1234.50.")
    text = re.sub(r"[\s\u00a0\u202f€]", "", str(given)).replace(",", ".")
    if not text.isascii() or not _AMOUNT.fullmatch(text):
        raise BadAnswer("Ce n'est pas un montant en euros : attendu 1234.50.",
                        "This is not an amount in euros: 1234.50 is expected.")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise BadAnswer("Ce n'est pas un montant.", "This is not an amount.") from None
    if amount < 0 and "negative" not in field.accepts:
        raise BadAnswer("Le montant ne peut pas être négatif.", "The amount cannot be negative.")
    return amount.quantize(Decimal("0.01"))


def _integer(field: AnyField, given: AnswerValue, _world: World) -> int:
    text = str(given).strip() if isinstance(given, str | int) and not isinstance(given, bool) else ""
    if not text.isascii() or not re.fullmatch(r"-?\d{1,9}", text):
        raise BadAnswer("Un nombre entier est attendu.", "A whole number is expected.")
    number = int(text)
    if number < field.least:
        raise BadAnswer(f"Au moins {field.least}.", f"At least {field.least}.")
    if field.most is not None and number > field.most:
        raise BadAnswer(f"Au plus {field.most}.", f"At most {field.most}.")
    return number


def _person(_field: AnyField, given: AnswerValue, world: World) -> str:
    text = _line(given)
    people = {fold(name): name for name in world.people}
    if not people:
        return _name(_field, given, world)  # before the first sync nobody is known
    if fold(text) in people:
        return people[fold(text)]
    parts = [name for name in world.people if set(fold(text).split()) <= set(fold(name).split())] if text else []
    if len(parts) == 1:
        return parts[0]
    shown = ", ".join(world.people)
    raise BadAnswer(f"Personne de ce nom sur le compte. Choisissez : {shown}.",
                    f"Nobody of that name is on the account. Choose: {shown}.")


def _people(field: AnyField, given: AnswerValue, world: World) -> list[str]:
    return _several(field, given, lambda each: _person(field, each, world))


def _several(field: AnyField, given: AnswerValue, read_one: Callable[[AnswerValue], str]) -> list[str]:
    if isinstance(given, str):
        given = [part for part in given.split(",") if part.strip()]
    if not isinstance(given, list | tuple):
        raise BadAnswer("Une liste est attendue.", "A list is expected.")
    chosen = list(dict.fromkeys(read_one(item) for item in given))
    check_count(field, len(chosen))
    return chosen


def check_count(field: AnyField, count: int) -> None:
    """Raise BadAnswer when a list has too few or too many items."""
    least = max(field.least, 1 if field.required else 0)
    if count < least:
        raise BadAnswer(f"Il en faut au moins {least}.", f"At least {least} needed.")
    if field.most is not None and count > field.most:
        raise BadAnswer(f"{field.most} au plus.", f"{field.most} at most.")


def meant(near: str | None) -> Both:
    """The end of a refusal that asks whether the name most like what was typed is meant; nothing without one."""
    return Both(f" Vouliez-vous dire « {near} » ?", f" Did you mean “{near}”?") if near else Both("", "")


def _group(_field: AnyField, _given: AnswerValue, _world: World) -> list[Answers]:
    raise AssertionError("groups are read by check, field by field")


TEXT = Kind("text", str, _text, Both("un texte", "a text"))
NAME = Kind("name", str, _name, Both(
    "un nom : lettres, espaces, tirets, apostrophes", "a name: letters, spaces, hyphens, apostrophes"), "DUPONT Jeanne")
NIR = Kind("nir", str, _nir, Both(
    "numéro de sécurité sociale, 13 caractères ou 15 avec sa clé",
    "Social Security number, 13 characters or 15 with its key"), "2 55 06 99 999 999 34")
IBAN = Kind("iban", str, _iban, Both("IBAN de la zone SEPA, clés vérifiées", "IBAN of the SEPA area, its keys checked"),
            "FR14 2004 1010 0505 0001 3M02 606")
BIC = Kind("bic", str, _bic, Both("BIC de 8 ou 11 caractères", "BIC of 8 or 11 characters"), "PSSTFRPPPAR")
DATE = Kind("date", date, _date, Both("un jour, AAAA-MM-JJ ou JJ/MM/AAAA", "a day, YYYY-MM-DD or DD/MM/YYYY"),
            "2026-11-23")
MONTH = Kind("month", str, _month, Both("un mois, AAAA-MM ou MM/AAAA", "a month, YYYY-MM or MM/YYYY"), "2026-11")
"""Its value is a text such as ``2026-11``."""
PHONE = Kind("phone", str, _phone, Both(
    "10 chiffres, ou + et l'indicatif du pays", "10 digits, or + and the country's prefix"), "06 12 34 56 78")
"""Its value is a text such as ``+33612345678``."""
EMAIL = Kind("email", str, _email, Both("une adresse e-mail", "an e-mail address"), "jeanne.dupont@example.org")
POSTCODE = Kind("postcode", str, _postcode, Both("5 chiffres", "5 digits"), "75012")
COUNTRY = Kind("country", str, _country, Both(
    "un pays : son nom ou son code à deux lettres", "a country: its name or its code of two letters"), "FR")
CHOICE = Kind("choice", str, _choice, Both("une des valeurs proposées", "one of the values offered"))
CHOICES: Kind[list[str]] = Kind(
    "choices", list, _choices, Both("une liste de valeurs proposées", "a list of the values offered"))
YES_NO = Kind("yes_no", bool, _yes_no, Both("true ou false", "true or false"), "true")
MONEY = Kind("money", Decimal, _money, Both(
    "des euros, deux décimales au plus", "euros, two decimals at most"), "1234.50")
INTEGER = Kind("integer", int, _integer, Both("un nombre entier", "a whole number"), "2")
PERSON = Kind("person", str, _person, Both("une personne du compte", "a person of the account"), "DUPONT Jeanne")
PEOPLE: Kind[list[str]] = Kind("people", list, _people, Both(
    "une liste de personnes du compte", "a list of persons of the account"))
GROUP: Kind[list[Answers]] = Kind("group", list, _group, Both("une liste d'objets", "a list of objects"))
KINDS: tuple[Kind[Value], ...] = (
    TEXT, NAME, NIR, IBAN, BIC, DATE, MONTH, PHONE, EMAIL, POSTCODE, COUNTRY, CHOICE, CHOICES, YES_NO, MONEY, INTEGER,
    PERSON, PEOPLE, GROUP)
