"""Ledger, explanations and what is owed, worked out once per state of the data and kept until it changes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from agent.concurrency.single_flight import Joint
from agent.money import coverage as cover
from agent.money.bank_matches import not_arrived
from agent.money.errors import BadCover, NoSuchAnomaly
from agent.protocol.account import Profile
from agent.protocol.money import (
    Cover,
    Coverage,
    FoundAnomaly,
    Year,
)
from agent.protocol.money import Ledger as LedgerShape
from agent.protocol.money import Owed as OwedShape
from agent.protocol.payments import Explanation, PaymentDetail
from agent.rules.counted import (
    NO_ACCOUNT,
    NOTHING_READ,
    Uncounted,
    anomalies_uncounted,
    arrivals_uncounted,
    shares_uncounted,
    told,
    year_uncounted,
)
from agent.rules.explain import Explainer
from agent.rules.ledger import Ledger, build_ledger
from agent.rules.owed import Received, expected_shares, find_anomalies, with_limits
from agent.rules.owed.bank_matching import NONE, Arrivals, find_arrivals
from agent.rules.owed.top_up_received import find_received
from agent.rules.yearly import year_view
from agent.store import Store
from config import clock
from config.fold import fold
from config.json_value import ReadOnlyJsonObject


@dataclass(frozen=True, slots=True)
class _State:
    """What everything is worked out from."""

    version: int
    profile: Profile
    cover: Cover


@dataclass(slots=True)
class _Work:
    state: _State
    payments: list[PaymentDetail]
    ledger: Ledger
    explainer: Explainer
    anomalies: list[FoundAnomaly] | None = None
    uncounted: list[Uncounted] | None = None
    """What of the top-up's shares and of the anomalies is not counted."""


class Money:
    """The money of one open vault. Questions are answered in threads over copies of the data."""

    def __init__(self, store: Store, today: Callable[[], date] = clock.today) -> None:
        self.store = store
        self._today = today
        self._work: _Work | None = None
        self._arrived: tuple[tuple[int, int, date, frozenset[str]], Arrivals] | None = None
        self._turn = asyncio.Lock()
        self._long = Joint()

    # -- questions ---------------------------------------------------------------------------------------------------

    async def ledger(self, year: int | None, beneficiary: str | None) -> LedgerShape:
        """The ledger of a year, the current one by default, and what it leaves out."""
        work = await self._ready()
        today, nothing = self._today(), self._nothing_known(work)
        wanted = year or today.year

        def view() -> LedgerShape:
            left_out = nothing or year_uncounted(work.payments, wanted, today)
            return {**work.ledger.shape(wanted, beneficiary, today), **told(left_out, "payments")}

        return await asyncio.to_thread(view)

    async def year(self, year: int | None, beneficiary: str | None) -> Year:
        """A year in sums, and what they leave out; ``top_up_expected`` where a contract is known that counts."""
        work = await self._ready()
        today, nothing = self._today(), self._nothing_known(work)
        wanted = year or today.year

        def view() -> Year:
            year = year_view(work.payments, wanted, beneficiary, work.ledger)
            left_out = nothing or year_uncounted(work.payments, wanted, today)
            if year["months"]:
                of_year = [one for one in work.payments if one["paid_on"][:4] == str(wanted)]
                left_out += shares_uncounted(of_year, work.explainer, cover.days(work.state.cover["contract"]))
            year["top_up_expected"] = _promised(work, wanted, beneficiary)
            return {**year, **told(left_out, "payments")}

        return await asyncio.to_thread(view)

    async def explain(self, payment: str) -> Explanation:
        """One payment explained. Raises NotFound."""
        shape = self.store.payments.get(payment)
        work = await self._ready()
        explained = await asyncio.to_thread(work.explainer.explain, shape)
        mark = self._received().get(payment)
        arrived = (await asyncio.to_thread(self._arrivals, work.payments)).matches.get(payment)
        share = explained["top_up"]
        return {
            **explained,
            "top_up": {
                **share,
                "received": f"{mark.amount:.2f}" if mark else None,
                "status": "received" if mark else "expected" if share["lines"] else None,
            },
            "arrived": {
                "credit": arrived.credit, "on": arrived.on.isoformat(), "certainty": arrived.certainty,
            } if arrived else None,
        }

    async def owed(self) -> OwedShape:
        """What is still to come, what is worth asking about, and what of it is not counted."""
        work = await self._ready()
        nothing, ranges = self._nothing_known(work), self.store.bank.ranges()
        received, dismissed, came = self._received(), self._dismissed(), self._came()
        contract = work.state.cover["contract"]
        since = date.fromisoformat(contract["from"]) if contract and contract["from"] else None
        today = self._today()

        def find() -> OwedShape:
            credits, arrivals = self.store.bank.credits(), self._arrivals(work.payments)
            if work.anomalies is None:
                declared = [name for name, has in work.state.cover["attending_doctor"].items() if has]
                work.anomalies = find_anomalies(work.payments, work.explainer, work.ledger, declared)
            shares = expected_shares(work.payments, work.explainer, received, today, since)
            by_bank = find_received(shares, credits)
            if by_bank:
                shares = expected_shares(work.payments, work.explainer, {**by_bank, **received}, today, since)
            if work.uncounted is None:
                days = cover.days(contract)
                work.uncounted = [*shares_uncounted(work.payments, work.explainer, days),
                                  *anomalies_uncounted(work.payments)]
            settled = {*arrivals.matches, *arrivals.missing, *came}
            left_out = nothing or [
                *work.uncounted, *arrivals_uncounted(work.payments, settled, bool(ranges or credits), today)]
            return {
                **told(left_out, "top_up"),
                "top_up": shares,
                "missing": not_arrived(arrivals, work.payments, credits),
                "anomalies": with_limits(
                    (one for one in work.anomalies if one["id"] not in dismissed), today),
                "dismissed": sum(one["id"] in dismissed for one in work.anomalies),
                "contract": contract,
            }

        what = (id(work), self.store.bank.version, today, tuple(sorted(received.items())), tuple(sorted(dismissed)),
                came)
        return await self._long.do("owed", what, find)

    def say_of_credit(self, credit: str, payment: str | None) -> None:
        """Note which payment a credit is (``none``: none of them), or take that back. Raises NotFound."""
        if payment not in (None, NONE):
            self.store.payments.get(payment)
        self.store.bank.say(credit, payment)

    def say_arrived(self, payment: str, undo: bool) -> None:
        """Note that a payment arrived, whatever the bank files show, or take that back. Raises NotFound."""
        self.store.payments.get(payment)
        came = self._came() - {payment} if undo else self._came() | {payment}
        self.store.account.arrived.write({"ids": sorted(came)} if came else None)

    def insurer_names(self) -> list[str]:
        """What the person's complementary insurer is called, as far as it is known."""
        contract = self._cover()["contract"]
        names = (contract["name"] if contract else None, self.store.coverage()["top_up"])
        return [name for name in names if name]

    def _arrivals(self, payments: list[PaymentDetail]) -> Arrivals:
        bank, today = self.store.bank, self._today()
        came = self._came()
        state = (self.store.payments.version, bank.version, today, came)
        if self._arrived is None or self._arrived[0] != state:
            self._arrived = (state, find_arrivals(payments, bank.credits(), bank.ranges(), today, came))
        return self._arrived[1]

    def coverage(self) -> Coverage:
        """The top-up as the service names it, the contract and situations as the person told them."""
        return {**self.store.coverage(), **self._cover()}

    # -- what the person says ----------------------------------------------------------------------------------------

    def set_coverage(self, body: ReadOnlyJsonObject) -> Coverage:
        """Change contract, situations or treating doctors; what is not named stays. Raises BadCover."""
        covered = self._cover()
        names = [person["name"] for person in self.store.profile()["beneficiaries"]]
        unknown = set(body) - {"contract", "situations", "attending_doctor"}
        if unknown:
            raise BadCover(field=min(unknown)[:40], fr="champ inconnu", en="unknown field")
        if "contract" in body:
            covered["contract"] = cover.read_contract(body["contract"])
        if "situations" in body:
            covered["situations"] = {**covered["situations"], **cover.read_situations(body["situations"], names)}
        if "attending_doctor" in body:
            doctors = cover.read_doctors(body["attending_doctor"], names)
            covered["attending_doctor"] = {**covered["attending_doctor"], **doctors}
        self.store.account.cover.write({**covered})
        return self.coverage()

    async def record_received(self, payment: str, amount: str | None, on: str | None, how: str = "hand") -> None:
        """Note that the top-up's share of a payment arrived; the expected one by default. Raises NotFound, BadCover."""
        if amount is None:
            top_up = (await self.explain(payment))["top_up"]
            if not top_up["counted"] or top_up["expected"] is None:
                raise BadCover(field="amount", fr="la part attendue n'est pas comptée, dites le montant reçu",
                               en="the share expected is not counted, say the amount received")
            amount = top_up["expected"]
        self.store.payments.get(payment)  # it must exist
        euros, day = _amount(amount), _day(on) or self._today().isoformat()
        await self.store.write(lambda: self._mark(payment, euros, day, how))

    def _mark(self, payment: str, amount: str, on: str, how: str) -> None:
        marks = self.store.account.received.read() or {}
        self.store.account.received.write({**marks, payment: {"amount": amount, "on": on, "how": how}})

    def forget_received(self, payment: str) -> None:
        """Take the mark back. Raises NotFound for a payment that does not exist."""
        self.store.payments.get(payment)
        marks = self.store.account.received.read() or {}
        marks.pop(payment, None)
        self.store.account.received.write(marks or None)

    async def dismiss(self, anomaly: str, undo: bool) -> None:
        """Hide an anomaly, or show it again. Raises NoSuchAnomaly."""
        await self.owed()
        ids = {one["id"] for one in (self._work.anomalies or [] if self._work else [])}
        if anomaly not in ids:
            raise NoSuchAnomaly(id=anomaly[:80])
        def hide() -> None:
            hidden = self._dismissed() - {anomaly} if undo else self._dismissed() | {anomaly}
            self.store.account.dismissed.write({"ids": sorted(hidden)} if hidden else None)

        await self.store.write(hide)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _nothing_known(self, work: _Work) -> list[Uncounted]:
        """Why there is nothing to count at all; nothing where payments are known or the account has none."""
        if work.payments:
            return []
        if self.store.credentials() is None:
            return [NO_ACCOUNT]
        return [] if self.store.profile()["name"] else [NOTHING_READ]

    async def _ready(self) -> _Work:
        async with self._turn:
            state = _State(self.store.payments.version, self.store.profile(), self._cover())
            if self._work is None or self._work.state != state:
                keys, book = self.store.payments.keys(), self.store.payments
                self._work = await asyncio.to_thread(lambda: _work_out(state, book.several(keys)))
            return self._work

    def _cover(self) -> Cover:
        record = self.store.account.cover.read() or {}
        return {
            "contract": record.get("contract"),
            "situations": dict(record.get("situations") or {}),
            "attending_doctor": dict(record.get("attending_doctor") or {}),
        }

    def _received(self) -> dict[str, Received]:
        marks = self.store.account.received.read() or {}
        return {key: Received(Decimal(one["amount"]), date.fromisoformat(one["on"]), one["how"])
                for key, one in marks.items()}

    def _came(self) -> frozenset[str]:
        said = self.store.account.arrived.read()
        return frozenset(said["ids"] if said else ())

    def _dismissed(self) -> set[str]:
        hidden = self.store.account.dismissed.read()
        return set(hidden["ids"]) if hidden else set()


def _work_out(state: _State, payments: list[PaymentDetail]) -> _Work:
    persons = cover.persons(state.profile, state.cover["situations"])
    contract = state.cover["contract"]
    ledger = build_ledger(payments, persons)
    explainer = Explainer(
        ledger, persons, top_up=cover.top_up(contract), contract=contract["name"] if contract else None,
        with_doctor=[name for name, has in state.cover["attending_doctor"].items() if has],
        flat=cover.flat_amounts(contract), covered=cover.days(contract),
    )
    return _Work(state, payments, ledger, explainer)


def _promised(work: _Work, year: int, beneficiary: str | None) -> str | None:
    """The top-up's shares of a year in euros; None where none of them is counted."""
    total, counted, lines = Decimal(0), 0, 0
    for payment in work.payments:
        if payment["paid_on"][:4] != str(year):
            continue
        for judged in work.explainer.judged(payment):
            if beneficiary is None or fold(judged.line.beneficiary) == fold(beneficiary):
                share = work.explainer.expected_top_up(judged)
                lines, counted, total = lines + 1, counted + (share is not None), total + (share or Decimal(0))
    return f"{total:.2f}" if counted or (work.explainer.has_contract and not lines) else None


def _amount(text: str) -> str:
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise _no_amount() from None
    if not amount.is_finite() or not 0 <= amount < 10**7:
        raise _no_amount()
    return f"{amount:.2f}"


def _no_amount() -> BadCover:
    return BadCover(field="amount", fr="un montant comme 9.00 est attendu", en="an amount such as 9.00 is expected")


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadCover(field="on", fr="un jour comme 2026-11-23 est attendu",
                       en="a day such as 2026-11-23 is expected") from None
