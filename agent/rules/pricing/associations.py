"""Technical acts done at the same time by the same hand: which of them are paid whole, by half, or not at all.

The rule and its exceptions are article III-3 B of the list of acts (decision of 11 March 2005). Exceptions that hang on
what the codes do not tell (surgery of two limbs, of several fresh wounds) are told as doubts.
"""

from collections.abc import Sequence
from decimal import Decimal

from agent.rules.codes.nomenclature import Act, Family, Kind
from agent.rules.dated_tables import Law
from agent.rules.pricing.steps import Step, doubt, plain

_COUNTED = {Kind.TECHNICAL, Kind.IMAGING}
_WHOLE = {Family.SUPPLEMENT, Family.PATHOLOGY, Family.NERVES}
"""Paid in full beside anything, however many."""
_SURGERY = "ADC"
_SCALING = "acts.dental_scaling"


def association(acts: Sequence[tuple[Act, Decimal]], law: Law) -> tuple[dict[int, str], list[Step]]:
    """For acts of one line with their tariffs in euros: by place, the parameter of the share that is paid of each that
    is not paid whole; and what is not sure of it. Raises UnknownDate."""
    shares = _second_arch(acts)
    doubts: list[Step] = []
    hands: dict[str, list[int]] = {}
    for place, (act, _) in enumerate(acts):
        if act.kind in _COUNTED and act.family not in _WHOLE:
            hands.setdefault(act.activity, []).append(place)
    for places in hands.values():
        if len(places) > 1:
            dearest_first = sorted(places, key=lambda place: -acts[place][1])
            families = {acts[place][0].family for place in places}
            shares |= _of_one_hand(dearest_first, families)
            doubts += _doubts([acts[place][0] for place in dearest_first], families, law)
    if any(act.kind is Kind.DOCTOR for act, _ in acts):
        doubts += _with_a_consultation([act for act, _ in acts if act.kind in _COUNTED])
    return shares, doubts


def _of_one_hand(dearest_first: list[int], families: set[Family]) -> dict[int, str]:
    second, *further = dearest_first[1:]
    if families == {Family.MRI}:
        return dict.fromkeys((second, *further), "association.further")
    if families <= {Family.CT, Family.NUCLEAR}:
        return dict.fromkeys(further, "association.further")
    shares = {second: "association.second"} | dict.fromkeys(further, "association.further")
    if families == {Family.X_RAY} and further:
        shares[further[0]] = "association.third_x_ray"
    return shares


def _second_arch(acts: Sequence[tuple[Act, Decimal]]) -> dict[int, str]:
    """Scaling written twice is that of both arches in one session."""
    scalings = [place for place, (act, _) in enumerate(acts) if act.tariff == _SCALING]
    return dict.fromkeys(scalings[1:], "association.second_arch")


def _doubts(acts: list[Act], families: set[Family], law: Law) -> list[Step]:
    if families == {Family.CT}:
        return [doubt(
            "Deux scanners ne sont payés ensemble que pour certaines régions du corps ; sinon un seul l'est.",
            "Two CT scans are paid together for some regions of the body only; else one of them is.",
            "III-3 B", "UNCAM-2005")]  # fmt: skip
    if all(act.group == _SURGERY for act in acts):
        share = plain(law.value("association.second_limb"))
        return [doubt(
            "Sur des membres différents, ou sur le tronc et un membre, le second acte est payé à {0} % ; pour plusieurs"
            " plaies récentes, un troisième l'est aussi.",
            "On different limbs, or trunk and limb, {0} % of the second act is paid; for several fresh wounds a third"
            " is paid too.",
            "association.second_limb", law.source("association.second_limb"), share)]  # fmt: skip
    if Family.IMAGING in families:
        return [doubt(
            "Plusieurs examens d'imagerie : la règle générale est appliquée, une autre peut valoir pour eux.",
            "Several imaging acts: the general rule is applied, another may hold for them.",
            "III-3 B", "UNCAM-2005")]  # fmt: skip
    return []


def _with_a_consultation(acts: list[Act]) -> list[Step]:
    barred = [act.code for act in acts if not act.with_consultation and act.family not in _WHOLE]
    if not barred:
        return []
    return [doubt(
        "{0} avec une consultation : en général un seul des deux est payé.",
        "{0} with a consultation: in general only one of the two is paid.",
        "III-3 A", "UNCAM-2005", ", ".join(barred))]  # fmt: skip
