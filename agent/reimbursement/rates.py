"""What share of the base the fund pays, and which flat share replaces the ordinary one."""

from dataclasses import dataclass
from decimal import Decimal

from agent.reimbursement.bases import Part
from agent.reimbursement.errors import NotPriced
from agent.reimbursement.law import Law
from agent.reimbursement.nomenclature import Kind, may_owe
from agent.reimbursement.request import Care
from agent.reimbursement.steps import Step, cents, euros_en, euros_fr, plain

_WEAK = {"rate.medicine_moderate", "rate.medicine_weak"}
_NOT_HIT = {"maternity", "work_accident", "ame"}
"""Care whose full cover does not come from L160-14, which alone leaves the increase in place."""
_NO_PAT = {"ald", "maternity", "work_accident", "pension_invalidity", "c2s", "ame"}
_WHY = {
    "maternity": ("maternité", "maternity", "L160-9"),
    "work_accident": ("accident du travail", "work accident", "L432-1"),
    "ame": ("aide médicale de l'État", "state medical aid", "CASF L251-2"),
    "ald": ("affection de longue durée, soins du protocole", "long illness, care of the protocol", "R160-11"),
    "pension_invalidity": ("pension d'invalidité", "invalidity pension", "R160-10"),
}


@dataclass(frozen=True, slots=True)
class Share:
    """The fund's share of one act. Rates in per cent, amounts in euros."""

    part: Part
    rate: Decimal
    increase: Decimal
    """Points lost out of the coordinated pathway."""
    ordinary: bool
    """Neither full cover nor a heavy act: a local scheme may add its points."""
    heavy: bool
    """Its ordinary share is replaced by the flat one."""

    @property
    def amount(self) -> Decimal:
        """What the fund owes on it, before the flat share and the deductions."""
        return cents(self.part.base * self.rate / 100)

    @property
    def lost(self) -> Decimal:
        """What being out of the pathway costs."""
        return cents(self.part.base * (self.rate + self.increase) / 100) - self.amount


def find_share(part: Part, care: Care, law: Law, in_stay: bool) -> tuple[Share, list[Step]]:
    """The fund's share of one act and the steps that lead to it. Raises UnknownDate, NotPriced."""
    act = part.billed.act
    rate, name, reason_fr, reason_en, source = _rate(part, care, law, in_stay)
    ordinary = not reason_fr
    heavy = False
    full = law.value("rate.full")
    threshold = law.value_or_none("hospital.heavy_act_threshold")
    dear_act = may_owe(act.kind) or (act.kind is Kind.STAY and care.heavy_act)
    if threshold is not None and part.base >= threshold and dear_act and rate < full and not care.situations & _NO_PAT:
        heavy, ordinary = True, False
        rate, name, source = full, "R160-16", law.source("hospital.heavy_act_threshold")
        reason_fr, reason_en = f"acte d'au moins {euros_fr(threshold)}", f"act of at least {euros_en(threshold)}"
    increase = _increase(part, care, law, threshold)
    share = Share(part, rate - increase, increase, ordinary, heavy)
    why_fr, why_en = (f" ({reason_fr})", f" ({reason_en})") if reason_fr else ("", "")
    steps = (
        [
            Step(
                f"L'Assurance Maladie paie {plain(share.rate)} % de {euros_fr(part.base)} pour {act.code}{why_fr}.",
                f"The fund pays {plain(share.rate)} % of {euros_en(part.base)} for {act.code}{why_en}.",
                share.amount,
                name,
                source,
            )
        ]
        if part.base
        else []
    )
    if increase:
        dear = part.base > law.value("consultation.specialist")
        cap_fr = " (la loi plafonne cette majoration pour les actes chers, à un montant inconnu ici)" if dear else ""
        cap_en = " (the law caps this for dear acts, at an amount not known here)" if dear else ""
        steps.append(
            Step(
                f"Hors parcours de soins coordonnés : {plain(increase)} points de moins, qu'aucune complémentaire"
                f" responsable ne peut rendre{cap_fr}.",
                f"Out of the coordinated pathway: {plain(increase)} points less, which no responsible top-up may give"
                f" back{cap_en}.",
                -share.lost,
                "R160-6",
                law.source("rate.out_of_pathway_increase"),
            )
        )
    return share, steps


def _rate(part: Part, care: Care, law: Law, in_stay: bool) -> tuple[Decimal, str, str, str, str]:
    """Rate, rule, reason in both languages (empty for the ordinary rate), source."""
    act = part.billed.act
    name = act.rate
    if name == "rate.dental_prosthesis_heavy" and part.base < law.value("hospital.heavy_act_threshold"):
        name = "rate.dental"
    if in_stay and act.kind in {Kind.DOCTOR, Kind.TECHNICAL, Kind.IMAGING, Kind.SUPPLEMENT}:
        name = "rate.hospital"
    if act.kind is Kind.TRANSPORT and care.urgent:
        name = "rate.transport_urgent"
    if name == "rate.not_refundable":
        return law.value(name), name, "", "", law.source(name)
    if "ame" in care.situations and name == "rate.medicine_weak":
        raise NotPriced(
            act=act.code, fr="médicament à 15 % et aide médicale de l'État", en="medicine at 15 % and state medical aid"
        )
    for situation, (why_fr, why_en, rule) in _WHY.items():
        if situation not in care.situations or (situation == "pension_invalidity" and name in _WEAK):
            continue
        return law.value("rate.full"), rule, why_fr, why_en, law.source("rate.full")
    if act.kind is Kind.IMAGING and not in_stay:
        threshold = law.value_or_none("hospital.heavy_act_threshold")
        full = law.value_or_none("rate.imaging_heavy")
        if threshold is not None and full is not None and part.base >= threshold:
            return full, "R160-16 II", "imagerie coûteuse", "costly imaging", law.source("rate.imaging_heavy")
    if act.kind is Kind.STAY and care.birth_date is not None:
        days = (care.on - care.birth_date).days
        if days < law.value("hospital.newborn_days"):
            return law.value("rate.full"), "R160-17", "nouveau-né", "newborn", law.source("hospital.newborn_days")
    return law.value(name), name, "", "", law.source(name)


def _increase(part: Part, care: Care, law: Law, threshold: Decimal | None) -> Decimal:
    act = part.billed.act
    if care.coordinated or not act.pathway or act.direct or care.situations & _NOT_HIT:
        return Decimal(0)
    age = care.age()
    if age is not None and age < law.value("exemption.pathway_age"):
        return Decimal(0)
    if act.young_direct and age is not None and age <= law.value("exemption.psychiatrist_direct_age"):
        return Decimal(0)
    if threshold is not None and part.base >= threshold:
        raise NotPriced(
            act=act.code,
            fr="acte coûteux hors parcours : le plafond de la majoration n'est pas connu",
            en="costly act out of the pathway: the cap of the increase is not known",
        )
    return law.value("rate.out_of_pathway_increase")
