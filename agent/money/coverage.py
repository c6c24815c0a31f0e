"""What the person says of the top-up contract and of everybody's situations: read from JSON, checked, shown again."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from agent.account import clean_text
from agent.money.errors import BadCover
from agent.protocol.account import Profile
from agent.protocol.money import Contract
from agent.protocol.money import Situation as NotedSituation
from agent.rules.ledger import Person, Situation
from agent.rules.pricing.request import SITUATIONS, TopUp
from config.fold import fold
from config.json_value import JsonObject, JsonValue

_PERCENTS = ("percent_brss", "percent_optam")
_FLAT = ("frame", "lenses", "dental", "hearing", "hospital_room")
"""Flat amounts of the contract, in euros, on top of its percentage. A private room is on no payment of the fund."""
_MOST_PERCENT = Decimal(2000)
_MOST_EUROS = Decimal(100_000)


def read_contract(body: JsonValue) -> Contract | None:
    """A contract: ``name``, percentages of the base, flat amounts, ``from``. None takes it away. Raises BadCover."""
    if body is None:
        return None
    if not isinstance(body, dict):
        raise BadCover(field="contract", fr="un objet est attendu", en="an object is expected")
    unknown = set(body) - {"name", "from", "until", *_PERCENTS, *_FLAT}
    if unknown:
        raise BadCover(field=clean_text(min(unknown))[:40], fr="champ inconnu", en="unknown field")
    percents = {name: _number(body, name, _MOST_PERCENT) for name in _PERCENTS}
    flat = {name: _number(body, name, _MOST_EUROS) for name in _FLAT}
    since, until = _day(body, "from"), _day(body, "until")
    if (percent := percents["percent_brss"]) is None:
        raise BadCover(field="percent_brss", fr="un pourcentage de la base est attendu",
                       en="a percentage of the base is expected")
    return {
        "name": clean_text(str(body.get("name") or ""))[:80] or None,
        "percent_brss": percent, "percent_optam": percents["percent_optam"],
        "frame": flat["frame"], "lenses": flat["lenses"], "dental": flat["dental"], "hearing": flat["hearing"],
        "hospital_room": flat["hospital_room"], "from": since, "until": until,
    }


def read_situations(body: JsonValue, names: list[str]) -> dict[str, list[NotedSituation]]:
    """Situations by person of the account. Raises BadCover naming the known persons and situations."""
    if not isinstance(body, dict):
        raise BadCover(field="situations", fr="un objet par personne est attendu", en="an object by person is expected")
    situations: dict[str, list[NotedSituation]] = {}
    for person, listed in body.items():
        name = _known(person, names)
        if not isinstance(listed, list):
            raise BadCover(field=name, fr="une liste est attendue", en="a list is expected")
        situations[name] = [_situation(one) for one in listed]
    return situations


def read_doctors(body: JsonValue, names: list[str]) -> dict[str, bool]:
    """Who declared a treating doctor. Raises BadCover."""
    declared = body if isinstance(body, dict) else {"": None}
    doctors = {person: has for person, has in declared.items() if isinstance(has, bool)}
    if len(doctors) < len(declared):
        raise BadCover(field="attending_doctor", fr="vrai ou faux par personne", en="true or false by person")
    return {_known(person, names): has for person, has in doctors.items()}


def persons(profile: Profile, situations: Mapping[str, list[NotedSituation]]) -> list[Person]:
    """Everybody of the account as the rules know them."""
    return [
        Person(
            person["name"], _iso(person["birth_date"]),
            tuple(Situation(noted["situation"], _iso(noted["from"]), _iso(noted["until"]))
                  for noted in situations.get(person["name"]) or ()),
        )
        for person in profile["beneficiaries"]
    ]


def top_up(contract: Contract | None) -> TopUp | None:
    """The contract as the engine takes it."""
    if contract is None:
        return None
    optam = contract["percent_optam"]
    return TopUp(Decimal(contract["percent_brss"]), Decimal(optam) if optam is not None else None)


def flat_amounts(contract: Contract | None) -> dict[str, Decimal]:
    """The contract's flat amounts by name, in euros."""
    if contract is None:
        return {}
    amounts = {"frame": contract.get("frame"), "lenses": contract.get("lenses"), "dental": contract.get("dental"),
               "hearing": contract.get("hearing"), "hospital_room": contract.get("hospital_room")}
    return {name: Decimal(amount) for name, amount in amounts.items() if amount is not None}


def days(contract: Contract | None) -> tuple[date | None, date | None]:
    """First and last day of care that the contract covers."""
    return (_iso(contract["from"]), _iso(contract["until"])) if contract else (None, None)


def _known(person: str, names: list[str]) -> str:
    wanted = clean_text(person)[:80]
    for name in names:
        if fold(name) == fold(wanted):
            return name
    listed = ", ".join(names) or "-"
    raise BadCover(field=wanted, fr=f"personne inconnue du compte ; connues : {listed}",
                   en=f"not a person of the account; known: {listed}")


def _situation(body: JsonValue) -> NotedSituation:
    name = body.get("situation") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(name, str) or name not in SITUATIONS:
        choices = ", ".join(sorted(SITUATIONS))
        raise BadCover(field="situation", fr=f"une de : {choices}", en=f"one of: {choices}")
    since, until = _day(body, "from"), _day(body, "until")
    if since and until and until < since:
        raise BadCover(field="until", fr="avant le début", en="before the start")
    return {"situation": name, "from": since, "until": until}


def _number(body: JsonObject, name: str, most: Decimal) -> str | None:
    given = body.get(name)
    if given is None or given == "":
        return None
    problem = BadCover(field=name, fr="un nombre comme 100 est attendu", en="a number such as 100 is expected")
    if isinstance(given, bool) or not isinstance(given, (str, int, float)):
        raise problem
    try:
        number = Decimal(str(given).replace(",", "."))
    except InvalidOperation:
        raise problem from None
    if not number.is_finite() or not 0 <= number <= most:
        raise problem
    return f"{number:f}"


def _day(body: JsonObject, name: str) -> str | None:
    given = body.get(name)
    if given is None or given == "":
        return None
    try:
        return date.fromisoformat(given if isinstance(given, str) else "?").isoformat()
    except ValueError:
        raise BadCover(field=name, fr="un jour comme 2026-01-31 est attendu",
                       en="a day such as 2026-01-31 is expected") from None


def _iso(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
