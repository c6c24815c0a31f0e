"""What share of the base the fund pays, and which flat share replaces the ordinary one."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from agent.rules.codes.nomenclature import Act, Costly, Kind
from agent.rules.dated_tables import Law
from agent.rules.errors import NotPriced
from agent.rules.pricing.parts import Part
from agent.rules.pricing.pathway import is_outside
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, cents, doubt, plain

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_WEAK = {"rate.medicine_moderate", "rate.medicine_weak"}
_NEVER = {"rate.not_refundable", "rate.homeopathy"}
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
_YOUNG_ONLY = {"contraception", "sti_screening"}
_HOSPITAL_FEES = {Kind.DOCTOR, Kind.TECHNICAL, Kind.IMAGING, Kind.SUPPLEMENT}
_AT_LEAST = {Kind.AUXILIARY, Kind.TRAVEL, Kind.BIOLOGY}
"""Care of which the old-age minimum leaves at most a fifth to the person (R160-9)."""


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
    amount: Decimal
    """What the fund owes on it, before the flat share and the deductions."""
    spared: Decimal = _ZERO
    """Euros of it that the cap of the loss out of the pathway leaves."""

    @property
    def lost(self) -> Decimal:
        """What being out of the pathway costs."""
        if not self.increase:
            return _ZERO
        return cents(self.part.base * (self.rate + self.increase) / _HUNDRED) - self.amount


@dataclass(frozen=True, slots=True)
class _Rate:
    """A rate in per cent, its rule and source, and why it is not the ordinary one."""

    value: Decimal
    rule: str
    source: str
    why: tuple[str, str] | None = None


def find_shares(parts: Iterable[Part], care: Care, law: Law, in_stay: bool) -> tuple[list[Share], list[Step]]:
    """The fund's share of every act of a line, and the steps. Raises UnknownDate, NotPriced."""
    parts = list(parts)
    # The tariffs of acts done together count together against the threshold (R160-16 I).
    counted = [part for part in parts if part.billed.act.costly is Costly.COUNTED_TOGETHER]
    together = sum((part.full for part in counted), _ZERO)
    shares, steps = [], []
    for part in parts:
        share, more = find_share(part, care, law, in_stay, together)
        shares.append(share)
        steps += more
    return shares, steps


def find_share(
    part: Part, care: Care, law: Law, in_stay: bool, together: Decimal | None = None
) -> tuple[Share, list[Step]]:
    """The fund's share of one act and the steps that lead to it. Raises UnknownDate, NotPriced."""
    act = part.billed.act
    _refuse_what_is_not_known(act, care, in_stay)
    applied = _rate(part, care, law, in_stay)
    ordinary, heavy = applied.why is None, False
    threshold = law.value_or_none("hospital.heavy_act_threshold")
    if applied.value < _HUNDRED and threshold is not None and not _NO_PAT & _situations(care):
        counted = together if act.costly is Costly.COUNTED_TOGETHER and together is not None else part.full
        heavy = _is_heavy(part, care, law, threshold, counted, in_stay)
    if heavy and threshold is not None:
        ordinary = False
        applied = _Rate(
            law.value("rate.full"),
            "R160-16",
            law.source("hospital.heavy_act_threshold"),
            (f"acte coûteux, {plain(threshold)} € et plus", f"costly act, €{plain(threshold)} and more"),
        )
    increase = _increase(act, care, law)
    rate = applied.value - increase
    amount = cents(part.base * rate / _HUNDRED)
    spared = _spared(part, applied.value, amount, law, threshold) if increase else _ZERO
    share = Share(part, rate, increase, ordinary, heavy, amount + spared, spared)
    return share, _told(share, applied, law)


def _told(share: Share, applied: _Rate, law: Law) -> list[Step]:
    part, steps = share.part, []
    if part.base:
        why = (f" ({applied.why[0]})", f" ({applied.why[1]})") if applied.why else ("", "")
        if share.spared:
            cap = (", moins la perte hors parcours, plafonnée", ", less the loss out of the pathway, capped")
            why = (why[0] + cap[0], why[1] + cap[1])
        steps.append(
            Step(
                "L'Assurance Maladie paie {0} % de {1} pour {2}{3}.",
                "The fund pays {0} % of {1} for {2}{3}.",
                share.amount,
                applied.rule,
                applied.source,
                plain(share.rate + share.increase if share.spared else share.rate),
                part.base,
                part.billed.act.code,
                why,
            )
        )
    if applied.rule == "rate.wheelchair" and law.value_or_none("wheelchair.old_list"):
        steps.append(
            doubt(
                "Fauteuil de la nouvelle liste, payé en entier ; un fauteuil de l'ancienne, qui peut encore être"
                " facturé, l'est à l'ancien taux.",
                "Wheelchair of the new list, paid in full; one of the list before, which may still be billed, is paid"
                " at the rate before.",
                applied.rule,
                law.source("wheelchair.old_list"),
            )
        )
    if share.increase:
        capped: str | tuple[str, str] = ""
        if _is_dear(part, law):
            least, most = f"{_most_lost(law, 'consultation.specialist_alone'):f}", f"{_most_lost(law):f}"
            capped = (
                f" ; la loi plafonne cette perte pour les actes chers, à {least.replace('.', ',')} ou"
                f" {most.replace('.', ',')} € selon qu'une consultation de spécialiste s'y compte sans ou avec sa"
                " coordination",
                f"; for dear acts the law caps this loss, at €{least} or €{most} as a specialist's consultation counts"
                " there without or with its coordination",
            )
        steps.append(
            Step(
                "Hors parcours de soins coordonnés : {0} points de moins, qu'aucune complémentaire responsable ne peut"
                " rendre{1}.",
                "Out of the coordinated pathway: {0} points less, which no responsible top-up may give back{1}.",
                -share.lost,
                "R160-6",
                law.source("rate.out_of_pathway_increase"),
                plain(share.increase),
                capped,
            )
        )
    return steps


def _situations(care: Care) -> frozenset[str]:
    """The situations that change the rate of this care: a long illness only for care of its protocol."""
    return care.situations if care.in_protocol else care.situations - {"ald"}


def _is_heavy(
    part: Part, care: Care, law: Law, threshold: Decimal, together: Decimal, in_stay: bool
) -> bool:
    act, coefficient = part.billed.act, part.billed.coefficient
    if in_stay:  # due once on the whole stay, when such an act was done in it
        return bool(care.heavy_act)
    if act.costly not in {Costly.COUNTED_TOGETHER, Costly.COUNTED_ALONE} or not part.base:
        return False
    by_key = coefficient is not None and coefficient >= law.value("hospital.heavy_act_coefficient")
    return together >= threshold or by_key


def _refuse_what_is_not_known(act: Act, care: Care, in_stay: bool) -> None:
    reason: tuple[str, str] | None = None
    if not act.rate:
        reason = ("le taux de ce code n'a pas été trouvé", "the rate of this code was not found")
    elif act.kind is Kind.DEDUCTION:
        reason = ("c'est une retenue, non un soin", "this is a deduction, not care")
    elif care.situations & {"terrorism", "military_pension"}:
        reason = (
            "aucun taux publié n'a été trouvé pour les soins de cette pension ou de cet acte",
            "no published rate was found for care due to that pension or act",
        )
    elif "ame" in care.situations and act.rate == "rate.medicine_weak":
        reason = ("médicament à 15 % et aide médicale de l'État", "medicine at 15 % and state medical aid")
    elif "aspa" in care.situations and act.kind is Kind.DEVICE:
        reason = (
            "la part due sur ces articles avec le minimum vieillesse n'est pas connue",
            "the share due on such items with the old-age minimum is not known",
        )
    elif care.shared_refused and act.kind is Kind.TRANSPORT:
        reason = (
            "la réduction pour refus d'un transport partagé n'est pas connue",
            "the reduction for refusing a shared transport is not known",
        )
    elif in_stay and act.kind is Kind.TECHNICAL and care.heavy_act is None and not care.situations & _NO_PAT:
        reason = (
            "dites par heavy_act si un acte coûteux, qui doit la part forfaitaire, a été fait pendant le séjour",
            "say by heavy_act whether a costly act, which owes the flat share, was done in the stay",
        )
    if reason is not None:
        raise NotPriced(act=act.code, fr=reason[0], en=reason[1])


def _rate(part: Part, care: Care, law: Law, in_stay: bool) -> _Rate:
    act = part.billed.act
    name = act.rate
    if name == "rate.dental_prosthesis_heavy" and part.full < care.quantity * law.value("hospital.heavy_act_threshold"):
        name = "rate.dental"
    if in_stay and act.kind in _HOSPITAL_FEES:
        name = "rate.hospital"
    if act.kind is Kind.TRANSPORT and care.urgent:
        name = "rate.transport_urgent"
    if name in _NEVER:
        return _Rate(law.value(name), name, law.source(name))
    situations = _situations(care)
    full = law.value("rate.full")
    for situation, (why_fr, why_en, rule) in _WHY.items() if situations else ():
        if situation not in situations or (situation == "pension_invalidity" and name in _WEAK):
            continue
        return _Rate(full, rule, law.source("rate.full"), (why_fr, why_en))
    if care.reason:
        _check_reason(act, care, law)
        why = ("soin pris en charge en entier", "care paid in full")
        return _Rate(full, "R160-17, R160-8", law.source("rate.full"), why)
    if "aspa" in situations:
        if act.kind is Kind.TRANSPORT:
            name = "rate.solidarity_transport"
        elif _raised_by_old_age_minimum(act) and law.value(name) < law.value("rate.solidarity_old_age"):
            name = "rate.solidarity_old_age"
    if act.costly is Costly.FREE and not in_stay:
        threshold = law.value_or_none("hospital.heavy_act_threshold")
        costly = law.value_or_none("rate.imaging_heavy")
        if threshold is not None and costly is not None and part.full >= threshold:
            source = law.source("rate.imaging_heavy")
            return _Rate(costly, "R160-16 II", source, ("imagerie coûteuse", "costly imaging"))
    if act.kind is Kind.STAY or (in_stay and act.kind in _HOSPITAL_FEES):
        whole = _whole_stay(act, care, law)
        if whole is not None:
            return whole
    return _Rate(law.value(name), name, law.source(name))


def _raised_by_old_age_minimum(act: Act) -> bool:
    """Travel of a midwife or a sample by a physician is of the kind, at a physician's rate."""
    return act.kind in _AT_LEAST and act.rate != "rate.doctor"


def _whole_stay(act: Act, care: Care, law: Law) -> _Rate | None:
    """A newborn's stay, or days of a stay that lasts."""
    full = law.value("rate.full")
    if care.birth_date is not None and (care.on - care.birth_date).days < law.value("hospital.newborn_days"):
        return _Rate(full, "R160-17", law.source("hospital.newborn_days"), ("nouveau-né", "newborn"))
    from_day = law.value("hospital.stay_days")
    if care.stay_day >= from_day:
        why = (f"à partir du {plain(from_day)}e jour", f"from day {plain(from_day)} on")
        return _Rate(full, "R160-16", law.source("hospital.stay_days"), why)
    if act.kind is Kind.STAY and care.stay_day + care.quantity > from_day:
        raise NotPriced(
            act=act.code,
            fr=f"estimez à part les jours à partir du {plain(from_day)}e (stay_day)",
            en=f"estimate the days from day {plain(from_day)} on by themselves (stay_day)",
        )
    return None


def _check_reason(act: Act, care: Care, law: Law) -> None:
    if care.reason not in _YOUNG_ONLY:
        return
    age, limit = care.age(), law.value("exemption.young_care_age")
    if age is None or age >= limit:
        raise NotPriced(
            act=act.code,
            fr=f"entièrement pris en charge avant {plain(limit)} ans seulement ; donnez birth_date",
            en=f"paid in full under {plain(limit)} only; give birth_date",
        )


def _increase(act: Act, care: Care, law: Law) -> Decimal:
    if care.situations & _NOT_HIT or not is_outside(act, care, law):
        return _ZERO
    return law.value("rate.out_of_pathway_increase")


def _spared(part: Part, rate: Decimal, amount: Decimal, law: Law, threshold: Decimal | None) -> Decimal:
    """What the cap of the loss leaves on a dear act.

    R160-6 caps it by the loss on a specialist's consultation; the official examples, all below the threshold of costly
    acts, do not. So both are possible, the examples' way being the likelier below that threshold, the law's above it.
    """
    if not _is_dear(part, law):
        return _ZERO
    capped = bool(law.value("rate.out_of_pathway_capped"))
    if threshold is not None and part.full >= threshold:
        capped = not capped
    lost = cents(part.base * rate / _HUNDRED) - amount
    return max(_ZERO, lost - _most_lost(law)) if capped else _ZERO


def _is_dear(part: Part, law: Law) -> bool:
    return part.base > law.value("consultation.specialist")


def _most_lost(law: Law, consultation: str = "consultation.specialist") -> Decimal:
    """The cap of the loss: that on a specialist's consultation, with its coordination supplement unless said."""
    return cents(law.value(consultation) * law.value("rate.out_of_pathway_increase") / _HUNDRED)
