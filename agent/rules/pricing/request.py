"""What is asked: one piece of care, read from its JSON shape and checked. Amounts are Decimal euros."""

import difflib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from agent.account import clean_text
from agent.rules.errors import BadEstimate
from agent.rules.pricing.inputs import a_count, a_day, a_flag, a_word, an_amount, an_object, day_expected
from config.json_value import JsonObject, JsonValue
from config.tariffs import load

SITUATIONS = frozenset(
    {
        "ald",
        "maternity",
        "c2s",
        "ame",
        "alsace_moselle",
        "work_accident",
        "pension_invalidity",
        "aspa",
        "terrorism",
        "military_pension",
    }
)
_SITUATION_ALIASES = {
    "long_illness": "ald",
    "affection_de_longue_duree": "ald",
    "maternite": "maternity",
    "grossesse": "maternity",
    "pregnancy": "maternity",
    "pregnant": "maternity",
    "css": "c2s",
    "cmu_c": "c2s",
    "cmuc": "c2s",
    "local_scheme": "alsace_moselle",
    "regime_local": "alsace_moselle",
    "at_mp": "work_accident",
    "accident_du_travail": "work_accident",
    "occupational_disease": "work_accident",
    "invalidity": "pension_invalidity",
    "invalidite": "pension_invalidity",
    "invalidity_pension": "pension_invalidity",
    "pension_d_invalidite": "pension_invalidity",
    "fsv": "aspa",
}
SECTORS = frozenset({"1", "2", "optam"})
_SECTOR_ALIASES = {
    "s1": "1",
    "secteur_1": "1",
    "sector_1": "1",
    "s2": "2",
    "secteur_2": "2",
    "sector_2": "2",
    "optam_co": "optam",
    "2_optam": "optam",
    "s2_optam": "optam",
    "secteur_2_optam": "optam",
    "sector_2_optam": "optam",
}
REASONS = frozenset(
    {
        "contraception",
        "sti_screening",
        "emergency_contraception",
        "abortion",
        "hiv_test",
        "hepatitis_c_test",
        "assisted_reproduction",
        "infertility",
    }
)
"""Care that is paid in full whatever the person's situation (R160-17, R160-8)."""
_SPECIALTIES = {
    "gynaecologist": "CS/GYNAECOLOGIST",
    "gynecologist": "CS/GYNAECOLOGIST",
    "gynecologue": "CS/GYNAECOLOGIST",
    "ophthalmologist": "CS/OPHTHALMOLOGIST",
    "ophtalmologue": "CS/OPHTHALMOLOGIST",
    "stomatologist": "CS/STOMATOLOGIST",
    "stomatologue": "CS/STOMATOLOGIST",
    "psychiatrist": "CS/PSYCHIATRIST",
    "psychiatre": "CS/PSYCHIATRIST",
    "neurologist": "CS/NEUROLOGIST",
    "neurologue": "CS/NEUROLOGIST",
    "cardiologist": "CSC",
    "cardiologue": "CSC",
    "paediatrician": "CS/PAEDIATRICIAN",
    "pediatrician": "CS/PAEDIATRICIAN",
    "pediatre": "CS/PAEDIATRICIAN",
    "geriatrician": "CS/GERIATRICIAN",
    "geriatre": "CS/GERIATRICIAN",
    "dermatologist": "CS",
    "dermatologue": "CS",
    "endocrinologist": "CS",
    "endocrinologue": "CS",
    "specialist": "CS",
    "specialiste": "CS",
    "gp": "G",
    "generaliste": "G",
}
_ZERO = Decimal(0)
_MOST_ACTS = 400
"""Letters of the codes of one line."""


@dataclass(frozen=True, slots=True)
class Used:
    """What participations and franchises have already taken, in euros."""

    participation: Decimal = _ZERO
    franchise: Decimal = _ZERO


@dataclass(frozen=True, slots=True)
class TopUp:
    """A complementary contract under the rules of responsible contracts. Percentages of the base, fund included."""

    percent: Decimal
    percent_optam: Decimal | None = None
    """What it gives at doctors with OPTAM, when ``percent`` is for the others."""
    flat: Decimal = _ZERO
    """Euros that it adds to its percentage on this care."""
    in_addition: bool = False
    """Its percentage comes beside the fund's share instead of containing it."""


@dataclass(frozen=True, slots=True)
class Care:
    """One line of care. ``price`` and ``base`` are those of the whole line, as a statement prints them."""

    act: str
    on: date
    price: Decimal | None = None
    base: Decimal | None = None
    quantity: int = 1
    """Boxes, sessions, trips or days."""
    sector: str = "1"
    coordinated: bool = True
    birth_date: date | None = None
    situations: frozenset[str] = field(default_factory=frozenset)
    third_party_payment: bool = False
    used_this_year: Used = Used()
    used_same_day: Used = Used()
    top_up: TopUp | None = None
    urgent: bool = False
    """Transport ordered by the emergency service."""
    heavy_act: bool | None = None
    """A hospital stay in which an act at or above the threshold of costly acts is done; None when not said."""
    refunded_on: date | None = None
    """Day of refund, whose calendar year counts for the ceilings; the day of care when not given."""
    wage: Decimal | None = None
    """Gross monthly wage, for cash benefits."""
    children: int = 0
    """Dependent children, for sick pay until 2020."""
    in_protocol: bool = True
    """With a long illness: whether this care is listed in the care protocol."""
    stay_day: int = 1
    """Which day of the hospital stay, or of the stoppage of work, the first day of this line is."""
    reason: str = ""
    """One of REASONS."""
    shared_refused: bool = False
    """A shared transport was offered and refused."""

    def age(self) -> int | None:
        """Whole years on the day of care, or None when the birth date is not given."""
        return None if self.birth_date is None else age_on(self.birth_date, self.on)


def age_on(birth: date, day: date) -> int:
    """Whole years lived on ``day``."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


_FIELDS = frozenset(
    {
        "act",
        "on",
        "date",
        "price",
        "base",
        "quantity",
        "sector",
        "coordinated",
        "beneficiary",
        "third_party_payment",
        "used_this_year",
        "used_same_day",
        "top_up",
        "urgent",
        "heavy_act",
        "refunded_on",
        "wage",
        "in_protocol",
        "children",
        "stay_day",
        "reason",
        "shared_refused",
        "specialty",
    }
)
_IGNORED = frozenset({"id", "note", "label", "comment", "source"})
_PERSON = frozenset({"birth_date", "situations", "age", "name"})
_TOP_UP = frozenset({"percent_brss", "percent_brss_optam", "percent_optam", "flat", "in_addition", "name"})


def read_care(body: JsonValue) -> Care:
    """The care described by the contract's JSON object. Raises BadEstimate naming the field."""
    if not isinstance(body, dict):
        raise BadEstimate(field="estimate", fr="un objet est attendu", en="an object is expected")
    _known(body, _FIELDS | _IGNORED)
    person = an_object(body.get("beneficiary"), "beneficiary")
    _known(person, _PERSON)
    on = a_day(body, "on" if body.get("on") is not None else "date")
    if on is None:
        raise day_expected("on")
    return Care(
        act=_act(body),
        on=on,
        price=an_amount(body, "price"),
        base=an_amount(body, "base"),
        quantity=a_count(body, "quantity", 1),
        sector=_sector(body.get("sector")),
        coordinated=a_flag(body, "coordinated", True),
        birth_date=_birth(person, on),
        situations=_situations(person.get("situations")),
        third_party_payment=a_flag(body, "third_party_payment", False),
        used_this_year=_used(body, "used_this_year"),
        used_same_day=_used(body, "used_same_day"),
        top_up=_top_up(body.get("top_up")),
        urgent=a_flag(body, "urgent", False),
        heavy_act=None if body.get("heavy_act") is None else a_flag(body, "heavy_act", False),
        refunded_on=a_day(body, "refunded_on"),
        wage=an_amount(body, "wage"),
        children=_children(body),
        in_protocol=a_flag(body, "in_protocol", True),
        stay_day=a_count(body, "stay_day", 1, 10_000),
        reason=_reason(body.get("reason")),
        shared_refused=a_flag(body, "shared_refused", False),
    )


def _known(body: JsonObject, fields: frozenset[str]) -> None:
    for name in sorted(body):
        if name not in fields:
            near = difflib.get_close_matches(name, fields, 1)
            hint_fr = f", voulez-vous dire « {near[0]} » ?" if near else ""
            hint_en = f", do you mean “{near[0]}”?" if near else ""
            raise BadEstimate(field=clean_text(name)[:40], fr=f"inconnu{hint_fr}", en=f"unknown{hint_en}")


def _act(body: JsonObject) -> str:
    given = body.get("act")
    if isinstance(given, list):
        given = "+".join(_texts(given))
    if not isinstance(given, str) or not given.strip():
        raise BadEstimate(field="act", fr="un code est attendu", en="a code is expected")
    act = clean_text(given).strip().upper()
    if len(act) > _MOST_ACTS:
        raise BadEstimate(field="act", fr="trop de codes à la fois", en="too many codes at once")
    specialty = body.get("specialty")
    if specialty is None:
        return act
    code = _SPECIALTIES.get(a_word(specialty))
    if code is None:
        choices = ", ".join(sorted(_SPECIALTIES))
        raise BadEstimate(field="specialty", fr=f"une parmi {choices}", en=f"one of {choices}")
    return "+".join(code if one.strip() == "CS" else one for one in act.split("+"))


def _texts(given: list[JsonValue]) -> list[str]:
    """The texts of a list; none of it where something else is among them."""
    texts = [text for text in given if isinstance(text, str)]
    return texts if len(texts) == len(given) else []


def _birth(person: JsonObject, on: date) -> date | None:
    birth = a_day(person, "birth_date")
    if birth is not None:
        if birth > on:
            raise BadEstimate(field="birth_date", fr="après le jour des soins", en="after the day of care")
        return birth
    if person.get("age") is None:
        return None
    age = 0 if person["age"] in (0, "0") else a_count(person, "age", 1, 130)
    minor = load().parameter("exemption.minor_age").history[-1].value
    if age == minor:  # a minor on 1 January or not: the year's exemption hangs on it
        raise BadEstimate(field="age", fr="à cet âge, donnez birth_date", en="at this age, give birth_date")
    return on.replace(year=on.year - age, day=min(on.day, 28))


def _sector(given: JsonValue) -> str:
    if given is None:
        return "1"
    word = a_word(given)
    sector = _SECTOR_ALIASES.get(word, word)
    if sector == "3":
        raise BadEstimate(
            field="sector",
            fr="hors convention, le tarif d'autorité n'est pas connu ici",
            en="without a contract, the authority tariff is not known here",
        )
    if sector not in SECTORS:
        raise BadEstimate(field="sector", fr="1, 2 ou optam", en="1, 2 or optam")
    return sector


def _situations(given: JsonValue) -> frozenset[str]:
    if given is None:
        return frozenset()
    listed: list[JsonValue] = given if isinstance(given, list) else [given]
    words = [a_word(name) for name in _texts(listed)]
    situations = frozenset(_SITUATION_ALIASES.get(word, word) for word in words)
    if len(words) == len(listed) and situations <= SITUATIONS:
        return situations
    choices = ", ".join(sorted(SITUATIONS))
    raise BadEstimate(field="situations", fr=f"une liste parmi {choices}", en=f"a list from {choices}")


def _children(body: JsonObject) -> int:
    return 0 if body.get("children") in (0, "0") else a_count(body, "children", 0, 30)


def _reason(given: JsonValue) -> str:
    if given is None:
        return ""
    reason = a_word(given)
    if reason not in REASONS:
        choices = ", ".join(sorted(REASONS))
        raise BadEstimate(field="reason", fr=f"une parmi {choices}", en=f"one of {choices}")
    return reason


def _used(body: JsonObject, name: str) -> Used:
    inner = an_object(body.get(name), name)
    _known(inner, frozenset({"participation", "franchise"}))
    return Used(an_amount(inner, "participation") or _ZERO, an_amount(inner, "franchise") or _ZERO)


def _top_up(given: JsonValue) -> TopUp | None:
    if given is None or given is False:
        return None
    body = an_object(given, "top_up")
    _known(body, _TOP_UP)
    percent = an_amount(body, "percent_brss")
    if percent is None:
        raise BadEstimate(field="percent_brss", fr="un pourcentage est attendu", en="a percentage is expected")
    optam = an_amount(body, "percent_brss_optam")
    return TopUp(
        percent,
        an_amount(body, "percent_optam") if optam is None else optam,
        an_amount(body, "flat") or _ZERO,
        a_flag(body, "in_addition", False),
    )
