"""Accounts to export: an ordinary one, an empty one, and whatever hypothesis thinks of, hostile texts among it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from agent.files.exports import Account, Lang
from agent.files.exports.account import nobody, nothing_owed
from agent.rules.ledger import build_ledger
from agent.rules.yearly import year_view

NOW = datetime(2026, 11, 23, 6, 53, tzinfo=UTC)
TODAY = NOW.date()
HOSTILE = (
    "=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "a;=1+1", 'b","=1+1', " =1", "\uff1d1+1",
    "[red]x[/red]", "\x1b[31mred", "\u202egnol", "two\nlines", "\x00nul", 'say "hi" \\', "; comment", "a  b | c", "# x",
    "(code) ! *", "date:2020-01-01, x", "<b>&amp;</b>", "\ud7ff\ue000", "🩺 café", "", " ", "x" * 500,
    "../../etc/passwd", "CON", "%s{0}{title}", "=", "'=1", "2026-01-01 * x", "http://example.org", "{=1}",
)
"""Texts that some program takes for more than text."""

euros = st.decimals(Decimal("0.01"), Decimal("9999.99"), places=2)
days = st.dates(date(2023, 1, 1), date(2026, 11, 23))
texts = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
names = st.one_of(st.sampled_from(["INES FAURE", "Inès Faure", "NOAH FAURE", "山田", "=1+1"]), texts)


@st.composite
def payments(draw: st.DrawFn, number: int = 0) -> dict[str, Any]:
    """One payment in the contract's shape; its parts make its amount, or do not quite."""
    key = f"p{number:016x}"
    paid_on = draw(days)
    lines = [
        {"id": f"{key}-l{at}", "beneficiary": draw(names), "act": draw(texts),
         "act_date": (paid_on - timedelta(days=draw(st.integers(0, 40)))).isoformat() if draw(st.booleans()) else None,
         "paid": _maybe(draw), "base": _maybe(draw), "rate": draw(st.sampled_from([None, "65", "70", "100", "0"])),
         "reimbursed": f"{draw(euros)}", "code": draw(st.sampled_from([None, "G", "PH7", "=1"]))}
        for at in range(1, draw(st.integers(0, 3)) + 1)]
    deductions = [
        {"id": f"{key}-r{at}", "kind": draw(st.sampled_from(["participation", "franchise", "other"])),
         "label": draw(texts), "act_date": draw(days).isoformat(), "amount": f"-{draw(euros)}"}
        for at in range(1, draw(st.integers(0, 2)) + 1)]
    indemnities = [
        {"label": draw(texts), "start": paid_on.isoformat(), "end": paid_on.isoformat(), "days": 1,
         "daily": f"{draw(euros)}", "amount": f"{draw(euros)}"}] if draw(st.integers(0, 9)) == 0 else []
    total = sum((Decimal(one["reimbursed"]) for one in lines), Decimal(0))
    total += sum((Decimal(one["amount"]) for one in (*deductions, *indemnities)), Decimal(0))
    rest = draw(st.sampled_from([Decimal(0), Decimal(0), Decimal("0.01"), Decimal("-3.50")]))
    told = {"reference": draw(texts)} if draw(st.integers(0, 3)) == 0 else {}
    return {
        **told, "id": key, "paid_on": paid_on.isoformat(),
        "kind": draw(st.sampled_from(["REMBOURSEMENT_SOINS", "=X", "X\nY"])),
        "amount": f"{total + rest:.2f}", "to": draw(st.sampled_from(["assure", "tiers"])), "label": draw(texts),
        "beneficiaries": sorted({one["beneficiary"] for one in lines}), "lines": lines, "deductions": deductions,
        "indemnities": indemnities, "document": draw(st.sampled_from([None, "d1"])), "complete": bool(lines),
    }


def _maybe(draw: st.DrawFn) -> str | None:
    return f"{draw(euros)}" if draw(st.booleans()) else None


@st.composite
def accounts(draw: st.DrawFn, most: int = 8) -> Account:
    """A whole account, its sums worked out by the program's own rules."""
    listed = [draw(payments(number)) for number in range(draw(st.integers(0, most)))]
    return account(listed, draw(st.sampled_from(["fr", "en"])), name=draw(names))


def account(listed: list[dict[str, Any]], lang: Lang = "fr", name: str = "INES FAURE", **more: Any) -> Account:
    """An account of those payments. Every payment that shows a line expects half of it from the top-up."""
    listed = sorted(listed, key=lambda one: (one["paid_on"], one["id"]), reverse=True)
    ledger = build_ledger(listed)
    years = sorted({int(one["paid_on"][:4]) for one in listed}, reverse=True)
    shares = [_share(one, at) for at, one in enumerate(listed) if one["lines"]]
    given: dict[str, Any] = {
        "profile": {**nobody(), "nir": "2860399999999", "name": name, "birth_date": "1986-03-12",
                    "cpam": "CPAM DE PARIS",
                    "beneficiaries": [{"name": name, "birth_date": "1986-03-12", "insured": True}]},
        "ledger": [ledger.shape(year, None, TODAY) for year in years],
        "years": [year_view(listed, year, None, ledger) for year in years],
        "owed": {**nothing_owed(), "top_up": shares},
    }
    return Account(payments=listed, made_at=NOW, lang=lang, **(given | more))


def _share(payment: dict[str, Any], at: int) -> dict[str, Any]:
    states = ("expected", "received", "overdue", "third_party") if payment["to"] == "assure" else ("third_party",)
    status = states[at % len(states)]
    expected = sum((Decimal(line["reimbursed"]) for line in payment["lines"]), Decimal(0)) / 2
    came = status == "received"
    return {
        "payment": payment["id"], "paid_on": payment["paid_on"], "label": payment["lines"][0]["act"],
        "beneficiaries": payment["beneficiaries"], "to": payment["to"], "expected": f"{expected:.2f}",
        "received": "1.25" if came else None, "missing": "0.00", "status": status,
        "received_on": payment["paid_on"] if came else None, "how": "hand" if came else None,
    }


def line(act: str = "C GENERALISTE", paid: str | None = "30.00", back: str = "21.00", **more: Any) -> dict[str, Any]:
    """One act line."""
    return {"id": "p1-l1", "beneficiary": "INES FAURE", "act": act, "act_date": "2026-10-01", "paid": paid,
            "base": "30.00", "rate": "70", "reimbursed": back, "code": None, **more}


def payment(**more: Any) -> dict[str, Any]:
    """A consultation paid back to the person, two euros withheld."""
    return {
        "id": "p1", "paid_on": "2026-10-08", "kind": "REMBOURSEMENT_SOINS", "amount": "19.00", "to": "assure",
        "label": "Remboursement de soins", "beneficiaries": ["INES FAURE"], "lines": [line()],
        "deductions": [{"id": "p1-r1", "kind": "participation", "label": "PARTICIPATION FORFAITAIRE",
                        "act_date": "2026-10-01", "amount": "-2.00"}],
        "indemnities": [], "document": "d1", "complete": True, **more,
    }


def total(given: Account) -> Decimal:
    """What the payments sum up to."""
    return sum((Decimal(one["amount"]) for one in given.payments), Decimal(0))
