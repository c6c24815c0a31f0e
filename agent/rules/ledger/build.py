"""The ledger: what every act made due, and the care each withheld euro was traced to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

import msgspec

from agent.account import Payment
from agent.protocol.money import Certainty, Forecast, Gauge, LedgerPerson, LedgerYear
from agent.protocol.money import DeductionKind as Kind
from agent.protocol.payments import DeductionLine, PaymentDetail
from agent.rules.dated_tables import Law
from agent.rules.ledger.due import Dues, folded
from agent.rules.ledger.model import KINDS, ZERO, Entry, Origin, Person, Withheld
from agent.rules.pricing.request import age_on
from agent.rules.pricing.steps import euros_en, euros_fr


@dataclass(slots=True)
class Ledger:
    """All years of an account."""

    entries: list[Entry]
    unexplained: list[Withheld]
    origins: dict[tuple[str, str], Origin]
    persons: tuple[str, ...]
    dues: Dues = field(repr=False)

    def origin_of(self, payment: str, deduction: str) -> Origin | None:
        """The care that deduction was traced to; None when it is unexplained or not known."""
        return self.origins.get((payment, deduction))

    def years(self) -> list[int]:
        """The years with something due or withheld, newest first."""
        days = [entry.refunded_on for entry in self.entries] + [one.on for one in self.unexplained]
        return sorted({day.year for day in days}, reverse=True)

    def outstanding(self, kind: Kind) -> Decimal:
        """What is still to be withheld, whoever was cared for."""
        return sum((entry.outstanding for entry in self.entries if entry.kind == kind), ZERO)

    def withheld_from(self, beneficiary: str, year: int) -> Decimal:
        """What the payments of ``year`` withheld, in euros, for care of that person."""
        person = folded(beneficiary)
        mine = (entry for entry in self.entries if folded(entry.beneficiary) == person)
        return sum((one.amount for entry in mine for one in entry.withheld if one.on.year == year), ZERO)

    def shape(self, year: int, beneficiary: str | None = None, today: date | None = None) -> LedgerYear:
        """One calendar year of refunds in the contract's JSON shape; the forecast is that of ``today``."""
        person = folded(beneficiary) if beneficiary else ""
        names = [name for name in self.persons if not person or folded(name) == person]
        return {
            "year": year,
            "years": self.years(),
            "ceilings": [one for kind in KINDS for one in self.dues.ceilings.through(kind, year)],
            "beneficiaries": [self._person(name, year, today) for name in names],
            "unexplained": [one.shape() for one in self.unexplained if one.on.year == year],
            "forecast": self.forecast(today),
        }

    def forecast(self, today: date | None = None) -> Forecast:
        """What the next reimbursements will be short of; the ceilings are already counted in what is due.

        ``old`` is the part of it refunded so long before ``today`` that the fund no longer asks for it in practice.
        """
        participation, franchise = self.outstanding("participation"), self.outstanding("franchise")
        total, (old, years) = participation + franchise, self._old(today)
        fr = "Rien ne devrait être retenu sur votre prochain remboursement pour des soins passés."
        en = "Nothing should be withheld from your next reimbursement for past care."
        if total:
            fr = f"Jusqu'à {euros_fr(total)} peuvent être retenus sur vos prochains remboursements"
            en = f"Up to {euros_en(total)} may be withheld from your next reimbursements"
            if old:
                fr += f" ; {euros_fr(old)} datent de plus de {years} ans et ne sont plus guère réclamés"
                en += f"; {euros_en(old)} are more than {years} years old and hardly asked for any more"
            fr, en = f"{fr}.", f"{en}."
        doubtful = sum((min(entry.doubtful, entry.outstanding) for entry in self.entries), ZERO)
        if doubtful:
            fr += f" Les sources ne s'accordent pas sur le plafond de l'année : {euros_fr(doubtful)} en dépendent."
            en += f" The sources disagree on the year's ceiling: {euros_en(doubtful)} depend on it."
        return {
            "participation": f"{participation:.2f}", "franchise": f"{franchise:.2f}", "total": f"{total:.2f}",
            "old": f"{old:.2f}", "doubtful": f"{doubtful:.2f}", "text_fr": fr, "text_en": en,
        }

    def _old(self, today: date | None) -> tuple[Decimal, int]:
        """The euros refunded too long before ``today`` to be asked for in practice, and that many years."""
        if today is None:
            return ZERO, 0
        years = int(Law.of("", today).value("participation_forfaitaire.usual_reach"))
        left = [entry for entry in self.entries if age_on(entry.refunded_on, today) >= years]
        return sum((entry.outstanding for entry in left), ZERO), years

    def _person(self, name: str, year: int, today: date | None) -> LedgerPerson:
        mine = [e for e in self.entries if e.refunded_on.year == year and folded(e.beneficiary) == folded(name)]
        return {
            "name": name,
            "participation": self._gauge(mine, year, "participation", today),
            "franchise": self._gauge(mine, year, "franchise", today),
            "entries": [entry.shape() for entry in mine],
        }

    def _gauge(self, mine: list[Entry], year: int, kind: Kind, today: date | None) -> Gauge:
        entries = [entry for entry in mine if entry.kind == kind]
        last = date(year, 12, 31)
        ceiling = self.dues.ceilings.on(kind, today if today is not None and today.year == year else last)
        due = sum((entry.amount for entry in entries), ZERO)
        outstanding = sum((entry.outstanding for entry in entries), ZERO)
        gauge: Gauge = {
            "ceiling": f"{ceiling.amount:.2f}", "due": f"{due:.2f}", "withheld": f"{due - outstanding:.2f}",
            "outstanding": f"{outstanding:.2f}", "left": f"{max(ZERO, ceiling.amount - due):.2f}",
        }
        if ceiling.other is not None:
            gauge["other_ceiling"] = f"{ceiling.other:.2f}"
        return gauge


def build_ledger(
    payments: Iterable[Payment | PaymentDetail],
    persons: Iterable[Person] = (),
    ceilings: Mapping[tuple[int, Kind], Decimal] | None = None,
) -> Ledger:
    """The ledger of an account; the order of ``payments`` does not matter.

    ``payments`` are the model's objects or the contract's JSON shapes; ``ceilings`` are the person's own figures by
    year and kind, in euros, which stand before the tables'.
    """
    shapes = [
        msgspec.convert(msgspec.to_builtins(one), PaymentDetail) if isinstance(one, Payment) else one
        for one in payments
    ]
    names = tuple(persons)
    return _Tracer(names, ceilings or {}).trace(sorted(shapes, key=lambda payment: (payment["paid_on"], payment["id"])))


class _Tracer:
    """Lays payments one after the other and looks for the origin of their deductions."""

    def __init__(self, persons: tuple[Person, ...], ceilings: Mapping[tuple[int, Kind], Decimal]) -> None:
        self._dues = Dues(persons, ceilings)
        self._names = {folded(person.name): person.name for person in persons}
        self._open: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
        """What is not wholly withheld, oldest first, by kind and ISO day of care."""
        self._ledger = Ledger([], [], {}, (), self._dues)
        self._uncertain: tuple[str, str] | None = None
        """Why the last origin found is likely at the most, in French and English."""

    def trace(self, payments: list[PaymentDetail]) -> Ledger:
        for day, paid in groupby(payments, key=lambda payment: payment["paid_on"]):
            paid_on, together = date.fromisoformat(day), list(paid)
            for payment in together:
                for line in payment["lines"]:
                    self._names.setdefault(folded(line["beneficiary"]), line["beneficiary"])
                    if entry := self._dues.entry(payment, line, paid_on):
                        self._ledger.entries.append(entry)
                        self._open[entry.kind, entry.act_date.isoformat()].append(entry)
            for payment in together:  # what is withheld may come from any care refunded by then
                for deduction in payment["deductions"]:
                    self._place(payment, deduction, paid_on)
        self._ledger.entries = [entry for entry in self._ledger.entries if entry.amount]
        self._ledger.persons = tuple(sorted(self._names.values()))
        return self._ledger

    def _place(self, payment: PaymentDetail, deduction: DeductionLine, paid_on: date) -> None:
        kind, day, amount = deduction["kind"], deduction["act_date"], abs(Decimal(deduction["amount"]))
        act_date = date.fromisoformat(day) if day else None
        fitting, shares = self._sources(payment["id"], kind, day, amount, paid_on)
        if not shares:
            reason = self._why_not(kind, act_date)
            self._ledger.unexplained.append(
                Withheld(payment["id"], deduction["id"], kind, amount, paid_on, act_date, "unknown", *reason)
            )
            return
        first = shares[0][0]
        own = first.payment == payment["id"]
        alike = act_date is not None and len(self._dues.possible[first.kind, act_date]) == 1
        whole = sum((entry.outstanding for entry, _share in shares), ZERO) == amount and not self._uncertain
        certainty, fr, en = _judge(first, fitting, alike and own and whole, len(shares), act_date)
        if self._uncertain:
            fr, en = self._uncertain
        for entry, share in shares:
            entry.withheld.append(
                Withheld(payment["id"], deduction["id"], kind, share, paid_on, act_date, certainty, fr, en)
            )
            if not entry.outstanding:
                self._open[entry.kind, entry.act_date.isoformat()].remove(entry)
        self._ledger.origins[payment["id"], deduction["id"]] = Origin(
            first.payment, first.line, first.act, first.act_date, first.beneficiary, certainty, fr, en
        )

    def _sources(
        self, payment: str, kind: str, day: str | None, amount: Decimal, paid_on: date
    ) -> tuple[list[Entry], list[tuple[Entry, Decimal]]]:
        """The entries that fit a deduction, and those it is taken from with the share of each; nothing when none."""
        self._uncertain = None
        candidates = [entry for entry in self._candidates(kind, day) if entry.outstanding > 0]
        fitting = [entry for entry in candidates if entry.outstanding >= amount]
        if fitting:
            own = [entry for entry in fitting if entry.payment == payment]
            same = [entry for entry in own or fitting if entry.outstanding == amount]
            return fitting, [((same or own or fitting)[0], amount)]
        if day is None or kind not in KINDS or not amount:
            return [], []
        visits: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in candidates:
            visits[entry.payment, folded(entry.beneficiary)].append(entry)
        enough = [group for group in visits.values() if sum((one.outstanding for one in group), ZERO) >= amount]
        if enough:
            group = next((group for group in enough if group[0].payment == payment), enough[0])
            return [group[0] for group in enough], _split(group, amount)
        if len(candidates) == 1 and self._dues.raised(candidates[0], amount):
            boxes = amount / candidates[0].unit
            self._uncertain = (
                f"Seul soin de ce jour qui convient ; la ligne compte pour {boxes:.0f} boîtes.",
                f"The only care of that day that fits; the line counts as {boxes:.0f} boxes.",
            )
            return candidates, [(candidates[0], amount)]
        return self._past_the_ceiling(kind, day, amount, paid_on)

    def _past_the_ceiling(
        self, kind: str, day: str, amount: Decimal, paid_on: date
    ) -> tuple[list[Entry], list[tuple[Entry, Decimal]]]:
        for each in KINDS:
            due = self._dues.uncapped(each, date.fromisoformat(day), amount, paid_on) if each == kind else None
            if due is not None:
                self._ledger.entries.append(due)
                self._open[each, day].append(due)
                self._uncertain = (
                    "Même jour de soin et même nature ; le plafond n'était pas atteint par ce qui a été retenu.",
                    "Same day of care and same kind; what was really withheld had not reached the ceiling.",
                )
                return [due], [(due, amount)]
        return [], []

    def _candidates(self, kind: str, day: str | None) -> list[Entry]:
        if day:
            return self._open.get((kind, day), [])
        undated = [entry for key, entries in self._open.items() if key[0] == kind for entry in entries]
        return sorted(undated, key=lambda entry: (entry.act_date, entry.refunded_on, entry.id))

    def _why_not(self, kind: str, act_date: date | None) -> tuple[str, str, str]:
        if act_date is not None and kind in KINDS and (kind, act_date) in self._dues.exempt_care:
            return (
                "Le seul soin de ce jour est celui d'une personne exonérée.",
                "The only care of that day is that of an exempt person.",
                "exempt",
            )
        if act_date is not None and kind in KINDS and (kind, act_date) in self._dues.capped_care:
            return (
                "Le soin de ce jour ne devait plus rien : un plafond était atteint d'après les paiements connus.",
                "The care of that day owed nothing more: a ceiling was reached by the payments known.",
                "ceiling",
            )
        if act_date is None:
            return (
                "Sans date, et rien de connu n'est encore à retenir.",
                "No date, and nothing known is still to be withheld.",
                "no_date",
            )
        if kind in KINDS and (kind, act_date) in self._dues.possible:
            return (
                "Les soins connus de ce jour ne doivent pas autant.",
                "The care known of that day does not owe as much.",
                "above_due",
            )
        return (
            "Aucun soin connu ne correspond par sa date, sa nature et son montant.",
            "No known care fits by date, kind and amount.",
            "no_care",
        )


def _split(group: list[Entry], amount: Decimal) -> list[tuple[Entry, Decimal]]:
    """``amount`` over the entries in their order."""
    shares = []
    for entry in group:
        share = min(amount, entry.outstanding)
        shares.append((entry, share))
        amount -= share
        if not amount:
            break
    return shares


def _judge(
    entry: Entry, fitting: list[Entry], certain: bool, lines: int, act_date: date | None
) -> tuple[Certainty, str, str]:
    """How surely ``entry`` is the origin, in words of both languages. ``lines``: how many the deduction covers."""
    if act_date is None:
        return "likely", "Sans date : la plus ancienne somme due.", "No date: the oldest sum due."
    if certain and lines > 1:
        return (
            "exact",
            f"Même paiement, même jour de soin : la somme de {lines} lignes de la même personne.",
            f"Same payment, same day of care: the sum of {lines} lines of the same person.",
        )
    if certain and len(fitting) > 1:
        return (
            "exact",
            f"Même paiement, même jour de soin ; {len(fitting)} lignes semblables de la même personne conviennent.",
            f"Same payment, same day of care; {len(fitting)} lines alike of the same person fit.",
        )
    if certain:
        return (
            "exact",
            "Même paiement, même jour de soin, même nature, montant égal, un seul candidat.",
            "Same payment, same day of care, same kind, equal amount, a single candidate.",
        )
    if len(fitting) > 1:
        return (
            "likely",
            f"{len(fitting)} soins de ce jour conviennent ; le premier est retenu.",
            f"{len(fitting)} acts of that day fit; the first one is taken.",
        )
    return (
        "likely",
        "Soin payé plus tôt au professionnel : même jour de soin et même nature."
        if entry.third_party else "Même jour de soin et même nature.",
        "Care paid earlier to the professional: same day of care and same kind."
        if entry.third_party else "Same day of care and same kind.",
    )
