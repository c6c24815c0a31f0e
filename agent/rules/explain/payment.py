"""One payment: its lines, what was withheld and why, the top-up's share, and what is left to pay."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from agent.protocol.money import Why
from agent.protocol.payments import (
    DeductionLine,
    ExplainedByRules,
    ExplainedDeduction,
    ExplainedLine,
    Origin,
    PaymentDetail,
    SumCheck,
)
from agent.rules.codes.nomenclature import ACTS
from agent.rules.counted import lines_uncounted
from agent.rules.dated_tables import Law, era
from agent.rules.errors import UnknownDate
from agent.rules.explain.contract_shares import ContractShares
from agent.rules.explain.line import (
    Judged,
    Line,
    euros_in_english,
    euros_in_french,
    judge,
    total,
    with_first_shares,
)
from agent.rules.explain.top_up_flat import flat_share
from agent.rules.explain.verdict import CEILING_REACHED, EXEMPTION_MISSING, LOCAL_SCHEME, TRACED, UNKNOWN_ORIGIN
from agent.rules.explain.words import headline, indemnity_steps
from agent.rules.ledger import Entry, Ledger, Person
from agent.rules.ledger.due import folded
from agent.rules.pricing.deductions import find_deductions
from agent.rules.pricing.request import Care, TopUp, age_on
from agent.rules.pricing.result import certainty_of, doubt_shape
from agent.rules.pricing.steps import Step, cents, shapes

_ZERO = Decimal(0)
_FULL = Decimal(100)
_NAMES = {
    "participation": ("Participation forfaitaire", "Participation forfaitaire (flat contribution)"),
    "franchise": ("Franchise médicale", "Franchise (deductible)"),
}
_UNTRACED = {"exempt": EXEMPTION_MISSING, "ceiling": CEILING_REACHED}
"""Verdicts of deductions without origin, by the ledger's word."""


class Explainer:
    """Explains the payments of one account against its ledger."""

    def __init__(
        self, ledger: Ledger, persons: Iterable[Person] = (), *, top_up: TopUp | None = None,
        contract: str | None = None, with_doctor: Iterable[str] = (), flat: Mapping[str, Decimal] | None = None,
        covered: tuple[date | None, date | None] = (None, None),
    ) -> None:
        """``top_up``, ``contract``: what the complementary contract gives, and its name; ``flat``: its flat amounts in
        euros by ``frame``, ``lenses``, ``dental``, ``hearing``; ``covered``: its first and last day of care;
        ``with_doctor``: the names of those who declared a treating doctor."""
        self._ledger = ledger
        self._persons = {folded(person.name): person for person in persons}
        self._local = {
            name: situations for name, person in self._persons.items()
            if (situations := [one for one in person.situations if one.name == "alsace_moselle"])
        }
        self._flat = dict(flat or {})
        self._covered = covered
        self._contract = contract
        self._with_doctor = {folded(name) for name in with_doctor}
        self._entries: dict[tuple[str, str], list[Entry]] = {}
        for entry in ledger.entries:
            self._entries.setdefault((entry.payment, entry.line), []).append(entry)
        self._unexplained = {(one.payment, one.deduction): one for one in ledger.unexplained}
        self._exempt: dict[tuple[str, date], Step | None] = {}
        self._contract_shares = None if top_up is None else ContractShares(top_up)

    def judged(self, payment: PaymentDetail) -> list[Judged]:
        """The lines of a payment (the contract's shape) held against the rules."""
        third_party = payment["to"] == "tiers"
        return with_first_shares([self._judge(Line.read(line, third_party)) for line in payment["lines"]])

    def _judge(self, line: Line) -> Judged:
        person = self._persons.get(folded(line.beneficiary))
        with_doctor = folded(line.beneficiary) in self._with_doctor
        return judge(line, person.birth_date if person else None, with_doctor, self._in_local_scheme(line))

    def _in_local_scheme(self, line: Line) -> bool:
        """Whether the person is known to belong to the local scheme of Alsace-Moselle on the day of care."""
        if not self._local or line.on is None:
            return False
        return any(one.holds(line.on) for one in self._local.get(folded(line.beneficiary), ()))

    def expected_top_up(self, judged: Judged) -> Decimal | None:
        """What the contract gives on a line, in euros; None when there is no contract or the line cannot be priced."""
        line = judged.line
        if self._contract_shares is None or line.base is None or line.rate is None or line.on is None:
            return None
        if line.found.second_share:
            return _ZERO  # counted on the first
        if line.found.code is None or line.paid is None or not self._covers(line.on):
            return _ZERO if line.rate == _FULL and line.paid is not None and line.paid <= line.base else None
        # Who is cared for and what is withheld play no part in the contract's share.
        # Between two changes of the tables every day prices alike, so the days of an era share one computation.
        share = self._contract_shares.of(
            line.found.code, era(line.on), line.paid, line.base, line.found.sector or "1",
            judged.verdict.name != "outside_pathway", line.rate == _FULL,
            self._in_local_scheme(line) and judged.verdict is not LOCAL_SCHEME,
        )
        if share is None:
            return None
        left = max(_ZERO, line.paid - line.reimbursed)
        return min(left, share + flat_share(line, self._flat, left - share))

    @property
    def has_contract(self) -> bool:
        """Whether what the complementary contract gives is known."""
        return self._contract_shares is not None

    def uncounted(self, judged: Judged) -> Why | None:
        """Why ``expected_top_up`` says nothing of a line; None where it does."""
        return self._why_not(judged, self.expected_top_up(judged))

    def _why_not(self, judged: Judged, share: Decimal | None) -> Why | None:
        on, (first, _last) = judged.line.on, self._covered
        if self._contract_shares is None:
            return "no_contract"
        if share is not None:
            return None
        if on is None or self._covers(on):
            return "no_rule"
        return "before_contract" if first is not None and on < first else "after_contract"

    def _covers(self, on: date) -> bool:
        first, last = self._covered
        return (first is None or first <= on) and (last is None or on <= last)

    def exemption(self, beneficiary: str, on: date) -> Step | None:
        """Why this person owes neither participation nor franchise on that day of care; None when they do."""
        key = (folded(beneficiary), on)
        if key not in self._exempt:
            self._exempt[key] = self._find_exemption(key[0], on)
        return self._exempt[key]

    def outside_wrongly(self, judged: Judged) -> tuple[str, str, Decimal] | None:
        """Why the reduced rate does not apply to a line that has it, in French and English, and the euros lost."""
        line = judged.line
        if line.on is None or line.base is None or line.found.main not in ACTS:
            return None
        act, law = ACTS[line.found.main], Law.of(line.act, line.on)
        usual = law.value_or_none(act.rate)
        if usual is None:
            return None
        missing = cents(line.base * usual / _FULL) - line.reimbursed
        person = self._persons.get(folded(line.beneficiary))
        born = person.birth_date if person else None
        limit = law.value("exemption.pathway_age")
        if born is not None and born <= line.on and age_on(born, line.on) < limit:
            return f"la personne avait moins de {limit} ans", f"the person was under {limit}", missing
        if act.direct and missing > 0:
            return "ce médecin se consulte sans lettre", "this doctor is seen without a letter", missing
        return None

    def _find_exemption(self, name: str, on: date) -> Step | None:
        person = self._persons.get(name)
        if person is None:
            return None
        situations = frozenset(one.name for one in person.situations if one.holds(on))
        care = Care(act="", on=on, birth_date=person.birth_date, situations=situations)
        try:
            return next(iter(find_deductions(care, [], _ZERO, Law.of("", on), in_stay=False).steps), None)
        except UnknownDate:  # before the scheme nobody owed anything
            return None

    def explain(self, payment: PaymentDetail) -> ExplainedByRules:
        """The contract's ``ameli explain``."""
        judged = self.judged(payment)
        shares = [self.expected_top_up(one) for one in judged]
        promised = [(one.line.id, share) for one, share in zip(judged, shares, strict=True) if share]
        expected = total([share for _line, share in promised])
        counted, uncounted = lines_uncounted(
            map(self._why_not, judged, shares) if self.has_contract else None, self._covered)
        lines = [self._line(payment, one) for one in judged]
        withheld = [self._withheld(payment, one) for one in payment["deductions"]]
        spent = total([one.spent for one in judged])
        own = total([entry.amount for one in judged for entry in self._entries.get((payment["id"], one.line.id), ())])
        refunded = total([one.line.reimbursed for one in judged])
        sums = self.check(payment)
        head_fr, head_en = headline(payment, refunded, withheld)
        return {
            "payment": payment["id"],
            "headline_fr": head_fr,
            "headline_en": head_en,
            "lines": lines,
            "indemnities": [indemnity_steps(one) for one in payment["indemnities"]],
            "withheld": withheld,
            "check": sums,
            "top_up": {
                "contract": self._contract,
                "expected": f"{expected:.2f}" if self.has_contract else None,
                "counted": counted,
                "why_not": None if counted else uncounted[0].why,
                "not_counted": [one.shape() for one in uncounted],
                "lines": [{"line": line, "amount": f"{share:.2f}"} for line, share in promised],
            },
            "left_to_pay": f"{cents(spent - refunded + own - expected):.2f}",
        }

    def _line(self, payment: PaymentDetail, judged: Judged) -> ExplainedLine:
        line = judged.line
        entries = self._entries.get((payment["id"], line.id), ())
        steps = [*judged.steps, *(step for entry in entries for step in _deducted(payment["id"], entry))]
        if not entries and (line.found.participation or line.found.franchise):
            steps.append(self._nothing_due(line))
        return {
            "line": line.id,
            "beneficiary": line.beneficiary,
            "act": line.act,
            "act_date": line.on.isoformat() if line.on else None,
            "code": line.found.code,
            "recognised": line.found.certainty,
            "certainty": certainty_of(judged.doubts) if judged.doubts else "sure",
            "steps": shapes(steps),
            "doubts": [doubt_shape(step) for step in judged.doubts] if judged.doubts else [],
            "expected": f"{judged.expected:.2f}",
            "actual": f"{line.reimbursed:.2f}",
            **judged.verdict.shape(),
        }

    def _nothing_due(self, line: Line) -> Step:
        if line.on is not None and (exempt := self.exemption(line.beneficiary, line.on)):
            return exempt
        return Step(
            "Rien à retenir sur ce soin : plafond atteint, ou remboursement trop petit.",
            "Nothing to withhold on this care: a ceiling was reached, or the refund is too small.", _ZERO,
            "D160-6, D160-9, D160-10, D160-11", "CSS")

    def _withheld(self, payment: PaymentDetail, deduction: DeductionLine) -> ExplainedDeduction:
        origin = self._ledger.origin_of(payment["id"], deduction["id"])
        lost = self._unexplained.get((payment["id"], deduction["id"]))
        verdict = TRACED if origin is not None else _UNTRACED.get(lost.why if lost else "", UNKNOWN_ORIGIN)
        traced: Origin = {
            "payment": None, "line": None, "act": None, "act_date": deduction["act_date"], "beneficiary": None,
            "certainty": "unknown", "reason_fr": lost.reason_fr if lost else "Origine inconnue.",
            "reason_en": lost.reason_en if lost else "Origin unknown.",
        }
        if origin is not None:
            traced = {
                "payment": origin.payment, "line": origin.line, "act": origin.act,
                "act_date": origin.act_date.isoformat(), "beneficiary": origin.beneficiary,
                "certainty": origin.certainty, "reason_fr": origin.reason_fr, "reason_en": origin.reason_en,
            }
        return {"deduction": deduction["id"], "kind": deduction["kind"], "amount": deduction["amount"],
                "origin": traced, **verdict.shape()}

    def check(self, payment: PaymentDetail) -> SumCheck:
        """Whether lines, deductions and allowances make the payment."""
        parts = [*(Decimal(one["amount"]) for one in payment["deductions"]),
                 *(Decimal(period["amount"]) for period in payment["indemnities"])]
        refunds = [Decimal(line["reimbursed"]) for line in payment["lines"]]
        sum_of_parts, amount = total([*refunds, *parts]), Decimal(payment["amount"])
        right = sum_of_parts == amount or not payment["complete"]
        fr = en = ""
        if not payment["complete"]:
            fr, en = "Le détail n'est pas encore lu.", "The detail is not read yet."
        elif not right:
            gap = amount - sum_of_parts
            fr = f"Les lignes font {euros_in_french(sum_of_parts)} : {euros_in_french(gap)} ne sont pas expliqués."
            en = f"The lines make {euros_in_english(sum_of_parts)}: {euros_in_english(gap)} are not explained."
        return {"sum": f"{sum_of_parts:.2f}", "amount": payment["amount"], "ok": right, "text_fr": fr, "text_en": en}


def _deducted(payment: str, entry: Entry) -> list[Step]:
    fr, en = _NAMES[entry.kind]
    steps = []
    for withheld in entry.withheld:
        here = withheld.payment == payment
        amount_fr, amount_en = euros_in_french(withheld.amount), euros_in_english(withheld.amount)
        where_fr = "retenus ici" if here else f"retenus le {withheld.on:%d/%m/%Y} sur un autre paiement"
        where_en = "withheld here" if here else f"withheld on {withheld.on.isoformat()} from another payment"
        steps.append(Step(
            f"{fr} : {amount_fr} {where_fr}.", f"{en}: {amount_en} {where_en}.", -withheld.amount, entry.rule,
            entry.source))
    if entry.outstanding:
        amount_fr, amount_en = euros_in_french(entry.outstanding), euros_in_english(entry.outstanding)
        steps.append(Step(
            f"{fr} : {amount_fr} pourront être retenus plus tard.", f"{en}: {amount_en} may be withheld later.",
            -entry.outstanding, entry.rule, entry.source))
    return steps
