"""The base of reimbursement of each act of a line."""

from collections.abc import Sequence
from decimal import Decimal

from agent.rules.codes.nomenclature import Act, Billed, Kind, variants
from agent.rules.dated_tables import Law
from agent.rules.errors import BaseNeeded, NotPriced
from agent.rules.pricing.associations import association
from agent.rules.pricing.auxiliaries import as_billed, percent_supplements, second_sessions
from agent.rules.pricing.lenses import base_from_price
from agent.rules.pricing.nurse_visit import several_acts
from agent.rules.pricing.parts import Part
from agent.rules.pricing.pathway import is_outside
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, cents, doubt, note, plain
from agent.rules.pricing.technical import named, what_it_takes, with_rise

_ZERO = Decimal(0)
_FREE_IN_SECTOR_1 = {Kind.PROSTHESIS, Kind.DEVICE}
"""Whose price is free whatever the professional signed."""
_NEVER_PAID = {"rate.not_refundable", "rate.homeopathy"}
_ADDED = {Kind.SUPPLEMENT, Kind.TRAVEL}
_IN_STAY = {Kind.STAY, Kind.DOCTOR, Kind.TECHNICAL, Kind.IMAGING, Kind.SUPPLEMENT}
_SURE: tuple[frozenset[str], str, str] = (frozenset(), "", "")
_ONE_SOURCE = (
    frozenset({"one"}),
    "Une seule source donne ce montant, et elle est fragile : vérifiez-le.",
    "One source alone gives this amount, and not a strong one: check it.",
)
_DOUBTFUL: dict[str, tuple[frozenset[str], str, str]] = {
    "acts.dental_crown": (
        frozenset({"computed"}),
        "De 2020 à 2024 la base était de 107,50 € pour les couronnes à prix libre : le code de l'acte le dit.",
        "From 2020 to 2024 the base was €107.50 for crowns at a free price: the code of the act tells.",
    ),
    "acts.limb_x_ray": (
        frozenset({"official"}),
        "De 19,95 € à 25,86 € selon le segment et le nombre de vues : le code de l'acte le dit.",
        "From €19.95 to €25.86 by segment and number of views: the code of the act tells.",
    ),
    "consultation.psychiatrist_child": (
        frozenset({"computed"}),
        "Ce tarif est calculé : la consultation d'avant et la hausse publiée de l'une de ses majorations.",
        "This tariff is worked out: the fee before and the published rise of one of its supplements.",
    ),
    "consultation.consultant_opinion_professor": _ONE_SOURCE,
    "consultation.endocrinologist_complex": _ONE_SOURCE,
    "consultation.rehabilitation_urgent": _ONE_SOURCE,
    "supplement.visit_travel_mountain": _ONE_SOURCE,
}
"""Tariffs to be told as doubtful where they rest on such a confidence, and why."""


def find_parts(care: Care, acts: tuple[Billed, ...], law: Law) -> tuple[list[Part], list[Step]]:
    """The acts with their bases, and a step for each base. Raises BaseNeeded, UnknownDate, NotPriced."""
    if all(billed.act.kind is Kind.FEE and billed.act.rate in _NEVER_PAID for billed in acts):
        step = note("Non remboursable : il n'y a pas de base.", "Not refundable: there is no base.", "PHN", "CSS")
        return [Part(billed, _ZERO) for billed in acts], [step]
    acts, read = as_billed(care, acts, law)
    _within_the_most(care, acts, law)
    counted = list(acts)
    if care.base is not None:
        parts, steps = _given(care, counted, care.base, "base", "votre relevé", "your statement")
        return parts, [*read, *steps]
    names = [_tariff(billed, care, law) for billed in counted]
    for name in filter(None, names):
        law.entry(name)  # a price never stands for a tariff that is not known on that day: says which day is
    if len(counted) == 1 and counted[0].act.share_of_price and care.price is not None:
        return base_from_price(counted[0], care.price, care, law)
    untold = [billed for billed, name in zip(counted, names, strict=True) if not name]
    if untold:
        return _from_price(care, counted, untold)
    priced = [_from_tariff(billed, name, care, law) for billed, name in zip(counted, names, strict=True)]
    parts, steps = [part for part, _ in priced], [*read, *(step for _, more in priced for step in more)]
    parts, more = with_rise(parts, care, law)
    steps += more
    for rule in (_together, several_acts, second_sessions, percent_supplements):
        parts, more = rule(parts, law)
        steps += more
    return _within_the_price(parts, steps, care)


def _from_price(care: Care, acts: list[Billed], untold: list[Billed]) -> tuple[list[Part], list[Step]]:
    """The base of codes that have no tariff of their own: the price, where nothing above the tariff may be asked.

    ``untold``: the acts without one. Raises BaseNeeded for care at a free price and for codes of many tariffs.
    """
    for billed in untold:
        if care.price is None or _may_ask_more(billed.act, care) or billed.act.kind is Kind.DENTAL:
            nearest = [] if "/" in billed.act.code else variants(billed.act.code)
            raise BaseNeeded(act=billed.act.code, nearest=", ".join(nearest) or billed.act.code)
    parts, steps = _given(
        care,
        acts,
        care.price or _ZERO,
        "price=tariff",
        "le prix, qui ne peut dépasser le tarif",
        "the price, which may not exceed the tariff",
    )
    codes = ", ".join(dict.fromkeys(billed.act.code for billed in untold if not _price_set_by_law(billed.act)))
    if codes:
        steps.append(
            doubt(
                "Aucun tarif de {0} n'est dans les tables : le prix donné en tient lieu, ce qui n'est juste que si rien"
                " n'a été demandé au-dessus du tarif. La base du relevé ou du devis en décide.",
                "No tariff of {0} is in the tables: the price given stands for it, which is right only where nothing"
                " above the tariff was asked. The base of the statement or the quote decides.",
                "price=tariff",
                "R160-5",
                codes,
            )
        )
    return parts, steps


def _price_set_by_law(act: Act) -> bool:
    """Whether the price of the thing is set by the state, so that it is the base: medicines and their dispensing."""
    return act.kind is Kind.MEDICINE or (act.kind is Kind.FEE and act.rate.startswith("rate.medicine_"))


def _within_the_price(parts: list[Part], steps: list[Step], care: Care) -> tuple[list[Part], list[Step]]:
    """The base is the lower of tariff and price."""
    if care.price is None or sum((part.base for part in parts), _ZERO) <= care.price:
        return parts, steps
    left, lowered = care.price, []
    for part in parts:
        base = min(part.base, left)
        left -= base
        lowered.append(Part(part.billed, base, part.joined, part.base))
    step = Step(
        "Le prix est inférieur au tarif : la base est le prix, {0}.",
        "The price is below the tariff: the base is the price, {0}.",
        care.price,
        "price<tariff",
        "R160-5, R160-22",
        care.price,
    )
    return lowered, [*steps, step]


def _within_the_most(care: Care, acts: tuple[Billed, ...], law: Law) -> None:
    for billed in acts:
        most = law.value_or_none(billed.act.most) if billed.act.most else None
        if most is not None and care.quantity > most:
            raise NotPriced(
                act=billed.act.code,
                fr=f"au plus {plain(most)} sont remboursées",
                en=f"at most {plain(most)} are paid back",
            )


def _from_tariff(billed: Billed, name: str, care: Care, law: Law) -> tuple[Part, list[Step]]:
    if billed.act.percent:
        return Part(billed, _ZERO), []
    act, base, factor = billed.act, law.value(name), _coefficient(billed, law)
    whole = cents(base * factor) * care.quantity
    times = "" if factor == 1 else f" × {plain(factor)}"
    times += "" if care.quantity == 1 else f" × {care.quantity}"
    steps = [
        Step(
            "Base de remboursement de {0} : {1}{2} = {3}." if times else "Base de remboursement de {0} : {1}.",
            "Base of {0}: {1}{2} = {3}." if times else "Base of {0}: {1}.",
            whole,
            name,
            law.source(name),
            named(act),
            base,
            times,
            whole,
        ),
        *what_it_takes(act, base),
    ]
    if act.within and is_outside(act, care, law):
        steps.append(
            doubt(
                "Ce tarif vaut dans le parcours de soins ; en dehors, la base peut être plus basse.",
                "This tariff holds within the pathway; out of it the base may be lower.",
                name,
                law.source(name),
            )
        )
    if act.key and billed.coefficient is None and not act.session:
        steps.append(
            doubt(
                "{0} : aucun coefficient n'est écrit derrière la lettre clé ; un seul est compté.",
                "{0}: no coefficient stands behind the key letter; one alone is counted.",
                name,
                law.source(name),
                act.code,
            )
        )
    if law.entry(name).confidence in _DOUBTFUL.get(name, _SURE)[0]:
        steps.append(doubt(*_DOUBTFUL[name][1:], name, law.source(name)))
    if act.free and law.value(act.free):
        free = plain(law.value(act.free))
        steps.append(
            note("Les {0} premiers kilomètres ne sont pas payés.", "The first {0} kilometres are not paid.",
                 act.free, law.source(act.free), free)
        )  # fmt: skip
    return Part(billed, whole), steps


def _together(parts: Sequence[Part], law: Law) -> tuple[list[Part], list[Step]]:
    """Technical acts of one time: some are paid in part, or not at all."""
    shares, doubts = association([(part.billed.act, part.base) for part in parts], law)
    paid, steps = list(parts), []
    for place, name in shares.items():
        part, share = parts[place], law.value(name)
        paid[place] = Part(part.billed, cents(part.base * share / 100), part.joined)
        steps.append(
            Step(
                "{0} avec un autre acte technique : {1} % de son tarif, {2}.",
                "{0} with another technical act: {1} % of its tariff, {2}.",
                paid[place].base,
                name,
                law.source(name),
                part.billed.act.code,
                plain(share),
                paid[place].base,
            )
        )
    return paid, steps + doubts


def _given(
    care: Care, acts: list[Billed], base: Decimal, rule: str, whose_fr: str, whose_en: str
) -> tuple[list[Part], list[Step]]:
    main, others = (acts[0], []) if len(acts) == 1 else _main_of(care, acts)
    step = Step(
        "Base de remboursement : {0}, d'après {1}.",
        "Base: {0}, from {1}.",
        base,
        rule,
        "R160-5",
        base,
        (whose_fr, whose_en),
    )
    return [Part(main, base), *others], [step]


def _main_of(care: Care, acts: list[Billed]) -> tuple[Billed, list[Part]]:
    """The act that the one base of a line is of, and the others. Raises NotPriced where their rates differ."""
    main = next((billed for billed in acts if billed.act.kind not in _ADDED), acts[0])
    in_stay = any(billed.act.kind is Kind.STAY for billed in acts)
    rates = {"rate.hospital" if in_stay and billed.act.kind in _IN_STAY else billed.act.rate for billed in acts}
    if len(rates) > 1:
        raise NotPriced(
            act=care.act[:40],
            fr="une seule base pour des actes de taux différents ; estimez-les séparément",
            en="one base for acts of different rates; estimate them one by one",
        )
    if in_stay:
        main = next(billed for billed in acts if billed.act.kind is Kind.STAY)
    rest = [billed for index, billed in enumerate(acts) if index != acts.index(main)]
    others = [Part(billed, _ZERO, _paid_beside(rest[:index], billed, main)) for index, billed in enumerate(rest)]
    return main, others


def _paid_beside(before: list[Billed], billed: Billed, main: Billed) -> bool:
    """Whether a part of the line's one base is this act's: of technical acts only the first two are paid."""
    kind = Kind.TECHNICAL
    return billed.act.kind is not kind or sum(one.act.kind is kind for one in (main, *before)) < 2


def _tariff(billed: Billed, care: Care, law: Law) -> str:
    """The parameter of the act's tariff, or nothing when the tables have none."""
    act = billed.act
    if care.sector == "2" and act.kind is Kind.DOCTOR and act.free_price:
        return act.lower
    if care.sector == "2" and act.lower:
        return act.lower
    if act.key and billed.coefficient is None and not act.session and care.price is not None:
        return ""  # the coefficient is not said, and the price may not exceed the tariff
    return act.alone if act.alone and is_outside(act, care, law) else act.tariff


def _may_ask_more(act: Act, care: Care) -> bool:
    return act.free_price and (care.sector != "1" or act.kind in _FREE_IN_SECTOR_1)


def _coefficient(billed: Billed, law: Law) -> Decimal:
    if billed.coefficient is not None:
        free = law.value(billed.act.free) if billed.act.free else _ZERO
        return max(_ZERO, billed.coefficient - free)
    return law.value(billed.act.session) if billed.act.session else Decimal(1)
