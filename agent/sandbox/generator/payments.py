"""From care to payments: delays, grouping, what is withheld at once and what waits as a debt of the account."""

import random
from collections import deque
from datetime import date, timedelta
from decimal import Decimal

from agent.sandbox.generator.acts import Visit
from agent.sandbox.generator.deductions import Counters
from agent.sandbox.generator.household import Family
from agent.sandbox.generator.sick_leave import Fortnight
from agent.sandbox.model import FlatDeduction, SandboxPayment

CARE, THIRD_PARTY, SICK_PAY = "REMBOURSEMENT_SOINS", "PAIEMENT_A_UN_TIERS", "INDEMNITE_JOURNALIERE_ASSURE"
_TITLES = {
    CARE: "Remboursement de soins", THIRD_PARTY: "Paiement à un tiers", SICK_PAY: "Indemnités journalières",
}
_MOST_DEBTS = 12
"""Old deductions withheld from one payment at the most."""


def pay_out(
    rng: random.Random, family: Family, visits: list[Visit], leaves: list[Fortnight], today: date, *, apart: bool,
) -> tuple[list[SandboxPayment], "Purse"]:
    """Every payment up to ``today``, oldest first, and the purse as they leave it.

    ``apart`` keeps each visit a payment of its own.
    """
    batches: dict[tuple[date, bool, int], list[Visit]] = {}
    for number, visit in enumerate(visits):
        paid_on = _refund_day(rng, visit)
        # Care paid by the person is gathered in one transfer a day; professionals are paid visit by visit.
        alone = apart or visit.third_party or rng.random() < 0.15
        batches.setdefault((paid_on, visit.third_party, number if alone else -1), []).append(visit)
    due: list[tuple[date, int, list[Visit] | Fortnight]] = [
        (paid_on, index, batch) for index, ((paid_on, _, _), batch) in enumerate(batches.items())
    ]
    due += [(leave.paid_on, len(due) + index, leave) for index, leave in enumerate(leaves)]
    due.sort(key=lambda item: item[:2])
    purse = Purse(rng, family)
    return purse.settle([item for item in due if item[0] <= today]), purse


def _refund_day(rng: random.Random, visit: Visit) -> date:
    paid_on = visit.day + timedelta(days=rng.randint(5, 7))
    while paid_on.weekday() > 4:
        paid_on += timedelta(days=1)
    return paid_on


class Purse:
    """The account's debts and references while payments are made in the order of their days."""

    def __init__(self, rng: random.Random, family: Family) -> None:
        self._rng = rng
        self._family = family
        self._counters = Counters(family)
        self._debts: deque[FlatDeduction] = deque()
        self._sequence = rng.randrange(1_000_000, 3_000_000)

    def settle(self, due: list[tuple[date, int, list[Visit] | Fortnight]]) -> list[SandboxPayment]:
        """A payment for each, in that order; ``(day, rank on that day, what is paid)``."""
        return [
            self._sick_pay(paid_on, batch) if isinstance(batch, Fortnight) else self.care(paid_on, batch)
            for paid_on, _, batch in due
        ]

    def care(self, paid_on: date, batch: list[Visit]) -> SandboxPayment:
        """One payment for these visits, no earlier than the one before."""
        third_party = batch[0].third_party
        payment = self._blank(paid_on, THIRD_PARTY if third_party else CARE)
        for act in (act for visit in batch for act in visit.acts):
            payment.lines.append(act.line)
            payment.amount += act.line.reimbursed
            if deduction := self._counters.charge(act, paid_on, third_party):
                if third_party:
                    self._debts.append(deduction)
                else:
                    payment.deductions.append(deduction)
                    payment.amount += deduction.amount
        if not third_party:
            self._withhold(payment)
        return payment

    def _sick_pay(self, paid_on: date, part: Fortnight) -> SandboxPayment:
        payment = self._blank(paid_on, SICK_PAY)
        payment.sick_pay.append(part.line)
        payment.amount += part.line.amount
        self._withhold(payment)
        return payment

    def _withhold(self, payment: SandboxPayment) -> None:
        """Take old debts, oldest first, as long as something is left of the payment."""
        for _ in range(_MOST_DEBTS):
            if not self._debts or payment.amount + self._debts[0].amount <= 0:
                return
            debt = self._debts.popleft()
            payment.deductions.append(debt)
            payment.amount += debt.amount

    def _blank(self, paid_on: date, nature: str) -> SandboxPayment:
        self._sequence += self._rng.randint(1, 400)
        number = f"{paid_on:%y%j}{self._sequence % 100_000_000:08d}"
        return SandboxPayment(
            paid_on, nature, _TITLES[nature], Decimal("0.00"), reference=f"{self._family.office} {number}",
        )
