"""What an accepted request changes in the account. Done again after a restart: the account itself is made anew."""

from collections.abc import Callable
from datetime import date, timedelta

from agent.sandbox.desk.answers import group, text
from agent.sandbox.desk.c2s_ceilings import Verdict, decide
from agent.sandbox.desk.delays import months_later, published
from agent.sandbox.desk.model import Filed
from agent.sandbox.desk.validation import find_person
from agent.sandbox.model import Household, Person, Solidarity
from config.json_value import ReadOnlyJsonObject


def carry_out(filed: Filed, household: Household) -> None:
    """Do what the request asked for, where it changes what the account shows."""
    if filed.procedure == "c2s" and filed.decision:
        _solidarity(filed.decision.on, household, pays=verdict_on(filed, household).given == "paid")
    effect = _EFFECTS.get(filed.procedure)
    if effect:
        effect(filed.answers, household)


def verdict_on(filed: Filed, household: Household) -> Verdict:
    """What the ceilings say of a request for C2S."""
    applicant = find_person(household, filed.answers.get("applicant"))
    return decide(filed.answers, applicant.birth_date if applicant else None, filed.declared_on)


def _solidarity(decided: date, household: Household, *, pays: bool) -> None:
    since = months_later(decided.replace(day=1), 1)
    until = months_later(since, published("c2s_length", decided)) - timedelta(days=1)
    household.solidarity = Solidarity(since, until, contribution=pays)


def _bank(answers: ReadOnlyJsonObject, household: Household) -> None:
    household.iban = "".join(text(answers, "iban").split()).upper()


def _address(answers: ReadOnlyJsonObject, household: Household) -> None:
    town = f"{text(answers, 'postcode')} {text(answers, 'town')}"
    lines = [line for name in ("complement", "street") if (line := text(answers, name))]
    household.address = (*(line.upper() for line in lines), town.upper())


def _contact(answers: ReadOnlyJsonObject, household: Household) -> None:
    household.email = text(answers, "email") or household.email
    household.mobile = _national(text(answers, "mobile")) or household.mobile
    household.phone = _national(text(answers, "phone")) or household.phone


def _national(number: str) -> str:
    """A French number in pairs, as the service prints it; a foreign one as it came."""
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    if digits.startswith("+33"):
        digits = "0" + digits[3:]
    if len(digits) != 10 or digits.startswith("+"):
        return digits
    return " ".join(digits[at:at + 2] for at in range(0, 10, 2))


def _birth(answers: ReadOnlyJsonObject, household: Household) -> None:
    for rank, child in enumerate(group(answers, "children"), start=1):
        person = Person(
            text(child, "first_names").upper(), text(child, "last_name").upper(),
            date.fromisoformat(text(child, "birth_date")), birth_rank=rank, civility="",
        )
        if all((one.first_name, one.birth_date) != (person.first_name, person.birth_date)
               for one in household.persons):
            household.persons.append(person)


def _top_up(answers: ReadOnlyJsonObject, household: Household) -> None:
    household.top_up = text(answers, "insurer").upper()


def _doctor(answers: ReadOnlyJsonObject, household: Household) -> None:
    person = find_person(household, answers.get("person"))
    if person and answers.get("doctor"):
        person.doctor = True


_EFFECTS: dict[str, Callable[[ReadOnlyJsonObject, Household], None]] = {
    "bank-details": _bank, "postal-address": _address, "contact-details": _contact, "birth": _birth,
    "attending-doctor": _doctor, "top-up-declaration": _top_up,
}
