"""Several acts of a nurse in one visit: the dearest whole, the second for a half, the others for nothing, with the
exceptions that the nomenclature makes (article 11 B and what departs from it)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from agent.rules.codes.nomenclature import Billed, Kind
from agent.rules.dated_tables import Law
from agent.rules.pricing.parts import Part
from agent.rules.pricing.steps import Step, cents, doubt, note, plain

_ZERO = Decimal(0)
_ONE = Decimal(1)
_HUNDRED = Decimal(100)
_TECHNICAL = {"AMI", "AMX"}
_CARE = {"AIS"}
_DAY_FEES = {"BSA", "BSB", "BSC"}
_VACCINATIONS = ("vaccination", "vaccination_prescribed")
_PERFUSIONS = (
    "perfusion_short", "perfusion_short_cancer", "perfusion_long", "perfusion_long_cancer", "perfusion_change",
)  # fmt: skip
_DRESSINGS = ("heavy_dressing", "heavy_dressing_first")
_COUNTED_TOGETHER = ("insulin", "perfusion")
"""Acts of which all those of a visit are one in the rule."""


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    """Acts that count as one in the rule of several acts. Each is equal to itself alone: two may be alike."""

    parts: tuple[Part, ...]
    what: str = ""
    """``insulin``, ``sample``, ``vaccination``, ``perfusion``, ``dressing``, ``care`` or nothing."""

    @property
    def base(self) -> Decimal:
        """Euros of all of them, before the rule."""
        return sum((part.base for part in self.parts), _ZERO)


def several_acts(parts: Sequence[Part], law: Law) -> tuple[list[Part], list[Step]]:
    """The parts of a line as they are paid when a nurse does several acts in one visit, and why. Raises UnknownDate."""
    acts = [part for part in parts if _family(part.billed) in _TECHNICAL | _CARE]
    day_fee = any(_family(part.billed) in _DAY_FEES for part in parts)
    steps: list[Step] = []
    shares: dict[int, Decimal] = {}
    if len(acts) > 1 or (acts and day_fee):
        units, steps = _units([part for part in acts if not _already_half(part.billed)], law)
        shares, more = _shares(units, day_fee, law)
        steps += more
    shares |= {id(part): _share(part.base, law.value("nurse.second_act")) for part in acts if part.billed.halved}
    lost, more = _supplements(parts, acts, day_fee, law)
    paid = [replace(part, base=lost.get(id(part), shares.get(id(part), part.base))) for part in parts]
    return paid, steps + more


def _family(billed: Billed) -> str:
    """``AMI`` of ``AMI/INSULIN``; nothing for what is no act: the Sunday's supplement is written ``AMI/SUNDAY``."""
    family = billed.act.code.partition("/")[0]
    return family if billed.act.kind is Kind.AUXILIARY else ""


def _already_half(billed: Billed) -> bool:
    """A second act is written with the half of its coefficient; no act of a nurse has one below 1."""
    return billed.halved or (billed.coefficient is not None and billed.coefficient < _ONE)


def _units(acts: list[Part], law: Law) -> tuple[list[_Unit], list[Step]]:
    """The acts as the rule counts them: those of a patient treated with insulin are one act, so are perfusions."""
    steps: list[Step] = []
    whats = [_what(part.billed, law) for part in acts]
    single = [place for place, part in enumerate(acts) if not whats[place] and part.billed.coefficient == _ONE]
    if len(single) > 1 and "insulin" not in whats and law.knows("nurse.insulin_together"):
        steps.append(_guessed_insulin(len(single), law))
        dressings = [place for place, what in enumerate(whats) if what == "dressing"]
        for place in (*single, *dressings):
            whats[place] = "insulin"
    named = list(zip(acts, whats, strict=True))
    units = [_Unit((part,), what) for part, what in named if what not in _COUNTED_TOGETHER]
    for name in _COUNTED_TOGETHER:
        together = tuple(part for part, what in named if what == name)
        units += [_Unit(together, name)] if together else []
    return sorted(units, key=lambda unit: -unit.base), steps


def _what(billed: Billed, law: Law) -> str:
    """What sets an act apart from others in the rule: its name, else a coefficient that only such acts have."""
    which = billed.act.code.partition("/")[2]
    if _family(billed) in _CARE:
        return "care"
    named = {"INSULIN": "insulin", "PERFUSION": "perfusion", "SAMPLE": "sample"}.get(which, "")
    if named or which.startswith("VACCINATION"):
        return named or "vaccination"
    for what, names in (
        ("sample", ("sampling",)), ("vaccination", _VACCINATIONS), ("perfusion", _PERFUSIONS), ("dressing", _DRESSINGS),
    ):  # fmt: skip
        if any(billed.coefficient == law.value_or_none(f"nurse.{name}") for name in names):
            return what
    return ""


def _guessed_insulin(count: int, law: Law) -> Step:
    return doubt(
        "{0} actes cotés 1 dans une visite : comptés comme la surveillance et l'injection d'un patient sous insuline,"
        " qui n'en font qu'un. Pour un autre patient, le deuxième compte pour moitié et les suivants pour rien.",
        "{0} acts of coefficient 1 in one visit: counted as the check and the injection of a patient treated with"
        " insulin, which make one. For another patient the second counts for a half and those after it for nothing.",
        "nurse.insulin_together", law.source("nurse.insulin_together"), str(count),
    )  # fmt: skip


def _shares(units: list[_Unit], day_fee: bool, law: Law) -> tuple[dict[int, Decimal], list[Step]]:
    """By part, what is paid of it in euros, where that is not all."""
    ruled = [unit for unit in units if unit.what != "vaccination"]
    steps = [
        _whole(unit, "nurse.vaccination_with_act", law)
        for unit in units if unit.what == "vaccination" and len(units) > 1
    ]  # fmt: skip
    care = day_fee or any(unit.what == "care" for unit in ruled)
    kept, more = _beside_care(ruled, day_fee, law) if care else _beside_a_sample(ruled, law)
    # Beside the care of a dependent patient what is paid whole leaves the place of the second act free.
    place = 1 if care else len(kept)
    shares: dict[int, Decimal] = {}
    for unit in (unit for unit in ruled if unit not in kept):
        name = "nurse.second_act" if place == 1 else "nurse.further_act"
        place += 1
        paid = _share(unit.base, law.value(name))
        shares |= _spread(unit, paid)
        more.append(_told(unit, name, paid, law))
    return shares, steps + more


def _spread(unit: _Unit, paid: Decimal) -> dict[int, Decimal]:
    """What is paid of a unit, on its acts: the last takes what rounding leaves."""
    shares, left = {}, paid
    for part in unit.parts[:-1]:
        shares[id(part)] = min(left, cents(part.base * paid / unit.base)) if unit.base else _ZERO
        left -= shares[id(part)]
    return shares | {id(unit.parts[-1]): left}


def _beside_a_sample(units: list[_Unit], law: Law) -> tuple[list[_Unit], list[Step]]:
    """The acts paid whole: the dearest, and with it a blood sample, or beside a blood sample one other act."""
    if not units:
        return [], []
    sample = next((unit for unit in units if unit.what == "sample"), None)
    other = next((unit for unit in units if unit is not sample), None)
    if sample is None or other is None or law.value("nurse.sampling_with_act") < _HUNDRED:
        return units[:1], []
    step = _whole(sample, "nurse.sampling_with_act", law)
    sure = "/" in sample.parts[0].billed.act.code
    if not sure:
        step = doubt(
            "{0} : compté comme une prise de sang, payée entière avec un autre acte, deux actes au plus. Un autre acte"
            " de ce coefficient compterait pour moitié.",
            "{0}: counted as a blood sample, paid whole with one other act, two acts at most. Another act of that"
            " coefficient would count for a half.",
            "nurse.sampling_with_act", law.source("nurse.sampling_with_act"), _name(sample),
        )  # fmt: skip
    return [unit for unit in units if unit in (sample, other)], [step]


def _beside_care(units: list[_Unit], day_fee: bool, law: Law) -> tuple[list[_Unit], list[Step]]:
    """The acts paid whole beside the day's fee of a dependent patient, or beside a session of care (AIS)."""
    if day_fee:
        whole = {"sample", "perfusion", "dressing"} if law.knows("nurse.beside_day_fee") else set()
        name = "nurse.beside_day_fee"
    else:
        whole = {"care", "dressing"} | ({"sample"} if law.value("nurse.sampling_with_act") == _HUNDRED else set())
        name = "nurse.second_act"
    kept = [unit for unit in units if unit.what in whole]
    excepted = [unit for unit in kept if unit.what != "care"]
    rest = [unit for unit in units if unit not in kept]
    steps = [_whole(unit, name, law) for unit in excepted] if day_fee else []
    if rest:
        steps.append(doubt(
            "Acte technique en plus des soins d'un patient dépendant : compté pour moitié, comme deuxième acte ; le"
            " détail de cette règle n'a été trouvé que chez une source.",
            "Technical act beside the care of a dependent patient: counted for a half, as a second act; the detail of"
            " this rule was found in one source only.",
            name, law.source(name) if law.knows(name) else "NGAP",
        ))  # fmt: skip
    return kept, steps


def _whole(unit: _Unit, name: str, law: Law) -> Step:
    return note(
        "{0} : payé entier à côté des autres actes de la visite.",
        "{0}: paid whole beside the other acts of the visit.",
        name, law.source(name) if law.knows(name) else "NGAP", _name(unit),
    )  # fmt: skip


def _told(unit: _Unit, name: str, paid: Decimal, law: Law) -> Step:
    return Step(
        "{0} dans la même visite : {1} % de son tarif, {2}.",
        "{0} in the same visit: {1} % of its tariff, {2}.",
        paid, name, law.source(name), _name(unit), plain(law.value(name)), paid,
    )  # fmt: skip


def _name(unit: _Unit) -> str:
    return " + ".join(
        f"{part.billed.act.code} {plain(part.billed.coefficient)}" if part.billed.coefficient else part.billed.act.code
        for part in unit.parts
    )


def _supplements(
    parts: Sequence[Part], acts: list[Part], day_fee: bool, law: Law
) -> tuple[dict[int, Decimal], list[Step]]:
    """The supplements that do not go with these acts, at nothing, and why."""
    lost, steps = {}, []
    codes = {part.billed.act.code for part in parts}
    for part in parts:
        code = part.billed.act.code
        if code == "MAU" and (len(acts) > 1 or day_fee or any(_above_single(one.billed, law) for one in acts)):
            most = plain(law.value("nurse.single_act_most"))
            lost[id(part)] = _ZERO
            steps.append(note(
                "MAU : elle n'est payée qu'avec un seul acte, de coefficient {0} au plus.",
                "MAU: it is paid with a single act only, of a coefficient of {0} at most.",
                "nurse.single_act_most", law.source("nurse.single_act_most"), most,
            ))  # fmt: skip
        if code == "MIE" and "MCI" in codes:
            lost[id(part)] = _ZERO
            steps.append(note(
                "MIE : elle n'est pas payée avec MCI.", "MIE: it is not paid with MCI.",
                "nurse.young_child", law.source("nurse.young_child"),
            ))  # fmt: skip
    return lost, steps


def _above_single(billed: Billed, law: Law) -> bool:
    if _family(billed) in _CARE:
        return True
    coefficient = billed.coefficient
    if coefficient is None:
        coefficient = law.value(billed.act.session) if billed.act.session else _ONE
    return coefficient > law.value("nurse.single_act_most")


def _share(base: Decimal, percent: Decimal) -> Decimal:
    return cents(base * percent / _HUNDRED)
