"""The coordinated pathway: who is out of it, and what then changes in a doctor's fee."""

from dataclasses import replace
from functools import lru_cache

from agent.rules.codes.nomenclature import Act, Billed
from agent.rules.dated_tables import Law
from agent.rules.pricing.request import Care

_SPECIALIST = frozenset({"MCS", "MPC"})
_CARDIOLOGIST = frozenset({"MCC"})
_GP = frozenset({"MMG"})
_COORDINATION = frozenset({"MCS", "MCC"})
_NAMED_APART = "CS"
"""Of its fee alone every part has a tariff of its own."""


def is_outside(act: Act, care: Care, law: Law) -> bool:
    """Whether the person sees this doctor out of the coordinated pathway although it binds."""
    if care.coordinated or not act.pathway or act.direct:
        return False
    age = care.age()
    if age is not None and age < law.value("exemption.pathway_age"):
        return False
    return not (act.young_direct and age is not None and age <= law.value("exemption.psychiatrist_direct_age"))


def with_named_parts(acts: tuple[Billed, ...]) -> tuple[tuple[Billed, ...], tuple[str, ...]]:
    """The acts where supplements that lie in a consultation's tariff are named beside it, and the codes that then
    count within it: ``CNPSY+MPC+MCS`` is the tariff of the pathway, ``CNPSY+MPC`` the one out of it.

    Of an ordinary specialist's consultation each named part has its own tariff.
    """
    names = {billed.act.code for billed in acts}
    if not names & (_SPECIALIST | _CARDIOLOGIST | _GP):
        return acts, ()
    main = next((billed for billed in acts if _parts(billed.act)), None)
    within = _parts(main.act) & names if main else frozenset[str]()
    if main is None or not within:
        return acts, ()
    if main.act.code == _NAMED_APART:
        return tuple(_taken(one, "consultation.specialist_plain") if one is main else one for one in acts), ()
    whole = main.act.tariff if within & (_COORDINATION | _GP) or not main.act.alone else main.act.alone
    counted = tuple(_taken(one, whole) if one is main else one for one in acts if one.act.code not in within)
    return counted, tuple(sorted(within))


def _parts(act: Act) -> frozenset[str]:
    """The supplements that the act's tariff has within it."""
    if act.code == "CSC":
        return _CARDIOLOGIST
    if act.tariff == "consultation.gp":
        return _GP
    return _SPECIALIST if act.lower and act.code.startswith(("CS", "CNP")) else frozenset()


def _taken(billed: Billed, tariff: str) -> Billed:
    return Billed(_at(billed.act, tariff), billed.coefficient)


@lru_cache(maxsize=256)
def _at(act: Act, tariff: str) -> Act:
    """The act at one tariff, whatever the pathway."""
    return replace(act, tariff=tariff, alone="")
