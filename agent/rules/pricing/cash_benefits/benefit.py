"""What a rule of cash benefits finds, how it becomes an estimate, and how daily wages are made of monthly ones."""

from dataclasses import dataclass
from decimal import Decimal

from agent.rules.dated_tables import Law
from agent.rules.errors import BaseNeeded
from agent.rules.pricing.request import Care
from agent.rules.pricing.result import Estimate
from agent.rules.pricing.steps import Step, cents, doubt, plain

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Benefit:
    """A benefit of the whole line, in euros."""

    wage: Decimal
    """What is earned in one of its days or months."""
    counted: Decimal
    """What of that the rule counts."""
    rate: Decimal
    """Per cent of what is counted."""
    amount: Decimal
    steps: list[Step]
    replaces: bool = True
    """Whether it stands for a wage."""

    def estimate(self, care: Care) -> Estimate:
        """The estimate: the price is what was earned, the base what is counted of it."""
        price = max(cents(self.wage) * care.quantity, self.amount)
        lost = price - self.amount
        fr, en = (
            ("Salaire que cette prestation ne remplace pas : {0}.", "Wage that this benefit does not replace: {0}.")
            if self.replaces else ("Rien n'est à payer pour la recevoir : {0}.", "Nothing is to pay for it: {0}."))
        last = Step(fr, en, lost, "price - amo - amc", "CSS", lost)
        base = min(self.counted * care.quantity, price)
        return Estimate(care.act, price, base, self.rate, self.amount, _ZERO, _ZERO, _ZERO, _ZERO, (*self.steps, last))


def daily_wage(care: Care, months: int, name: str, law: Law) -> tuple[Decimal, Step]:
    """The daily wage from that many monthly wages over the divisor ``name`` of the tables, or the one given, and the
    step that says so. Raises BaseNeeded, UnknownDate."""
    if care.wage is not None:
        divisor = law.value(name)
        daily = care.wage * months / divisor
        step = Step(
            "Salaire journalier : {0} de salaire brut sur {1} jours, soit {2}.",
            "Daily wage: {0} of gross wage over {1} days, {2}.",
            daily, name, law.source(name), _months(months), number(divisor), daily)  # fmt: skip
        return daily, step
    given = care.base if care.base is not None else care.price
    if given is None:
        raise BaseNeeded(act=care.act[:40], nearest="wage, base, price")
    return given, Step("Salaire journalier donné : {0}.", "Daily wage given: {0}.", given, "base", "base", given)


def number(value: Decimal) -> tuple[str, str]:
    """A number that is no amount, in French and English: ``91,25`` and ``91.25``."""
    text = plain(value)
    return text.replace(".", ","), text


def capped_step(
    counted: Decimal, name: str, law: Law, why_fr: str, why_en: str, *parts: Decimal | tuple[str, str]
) -> Step:
    """The step that says up to what a wage counts; ``why`` ends the sentence, its parts from ``{1}`` on."""
    return Step(
        f"Compté pour {{0}} : {why_fr}.", f"Counted as {{0}}: {why_en}.", counted, name, law.source(name),
        counted, *parts)


def paid_step(rate: Decimal, a_day: Decimal, days: int, amount: Decimal, name: str, law: Law) -> Step:
    """The step of what is paid."""
    return Step(
        "Indemnité : {0} % de ce salaire, {1} par jour, pour {2} jour(s) : {3}.",
        "Allowance: {0} % of that wage, {1} a day, for {2} day(s): {3}.",
        amount, name, law.source(name), number(rate), a_day, str(days), amount)  # fmt: skip


def contributions_step(amount: Decimal, law: Law) -> Step:
    """What CSG and CRDS will take from a gross allowance."""
    name = "sick_pay.contributions"
    taken = cents(amount * law.value(name) / 100)
    return Step(
        "CSG et CRDS ({0} %) : {1} en seront retirés avant le virement.",
        "CSG and CRDS ({0} %): {1} will be taken from it before it is paid.",
        -taken, name, law.source(name), number(law.value(name)), taken)  # fmt: skip


def own_contributions(name: str, law: Law) -> list[Step]:
    """The doubt of days on which everybody's own contributions were taken, not one flat share (``name``)."""
    if law.entry(name) is law.tariffs.parameter(name).history[-1]:
        return []
    return [doubt(
        "Les cotisations étaient alors celles de chacun : ce taux est celui de la plupart des salariés.",
        "Everybody's own contributions were taken then: this is the share of most employees.",
        name, law.source(name), kind="dated")]


def _months(count: int) -> tuple[str, str]:
    return ("un mois", "one month") if count == 1 else (f"{count} mois", f"{count} months")
