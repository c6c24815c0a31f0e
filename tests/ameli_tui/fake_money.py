"""The money of the stand-in agent: a handful of payments, worked out by the rules themselves."""

from datetime import date
from decimal import Decimal
from typing import Any

from agent.errors import AmeliError
from agent.rules import TopUp, estimate_json
from agent.rules.counted import NO_BANK_FILE, shares_uncounted, told, year_uncounted
from agent.rules.explain import Explainer
from agent.rules.ledger import Person, build_ledger
from agent.rules.owed import Received, expected_shares, find_anomalies
from agent.rules.yearly import year_view

_CAMILLE, _NOE = "CAMILLE DURAND", "NOE DURAND"
PERSONS = [Person(_CAMILLE, date(1985, 5, 2)), Person(_NOE, date(2019, 3, 4))]


def _line(key: str, who: str, act: str, on: str, paid: str, base: str, rate: str, back: str) -> dict[str, Any]:
    return {"id": key, "beneficiary": who, "act": act, "act_date": on, "paid": paid, "base": base, "rate": rate,
            "reimbursed": back}


def _payment(key: str, on: str, to: str, amount: str, lines: list[Any], deductions: list[Any]) -> dict[str, Any]:
    kind = "REMBOURSEMENT_SOINS" if to == "assure" else "PAIEMENT_A_UN_TIERS"
    return {"id": key, "paid_on": on, "kind": kind, "amount": amount, "to": to, "label": kind.capitalize(),
            "beneficiaries": sorted({line["beneficiary"] for line in lines}), "lines": lines, "indemnities": [],
            "deductions": [{"id": f"{key}-r{at}", "kind": name, "label": name, "act_date": day, "amount": much}
                           for at, (name, day, much) in enumerate(deductions)],
            "document": None, "complete": True}


PAYMENTS = [
    _payment("p000002", "2026-11-20", "assure", "17.00", [
        _line("p2-l1", _CAMILLE, "C GENERALISTE", "2026-11-14", "30.00", "30.00", "70", "21.00"),
    ], [("participation", "2026-11-14", "-2.00"), ("franchise", "2026-10-03", "-1.00"),
        ("franchise", "2026-10-03", "-1.00")]),
    _payment("p000001", "2026-10-12", "assure", "9.45", [
        _line("p1-l1", _CAMILLE, "C SPECIALISTE", "2026-10-05", "60.00", "31.50", "30", "9.45"),
    ], []),
    _payment("p000003", "2026-10-08", "tiers", "19.89", [
        _line("p3-l1", _CAMILLE, "PHARMACIE", "2026-10-03", "15.30", "15.30", "65", "9.95"),
        _line("p3-l2", _CAMILLE, "PHARMACIE", "2026-10-03", "15.30", "15.30", "65", "9.94"),
    ], []),
    _payment("p000004", "2026-09-15", "assure", "24.50", [
        _line("p4-l1", _NOE, "C GENERALISTE", "2026-09-08", "35.00", "35.00", "70", "24.50"),
    ], []),
    _payment("p000005", "2025-06-15", "assure", "14.00", [
        _line("p5-l1", _CAMILLE, "C GENERALISTE", "2025-06-08", "30.00", "30.00", "70", "21.00"),
    ], [("participation", "2025-06-08", "-2.00"), ("franchise", "2025-05-02", "-5.00")]),
]


class FakeMoney:
    """Answers the calls about money; remembers what it was told."""

    def __init__(self) -> None:
        self.contract: dict[str, Any] | None = None
        self.situations: dict[str, Any] = {}
        self.doctors: dict[str, bool] = {_CAMILLE: True}
        self.received: dict[str, Received] = {}
        self.missing: list[dict[str, Any]] = []
        self.matched: dict[str, str] = {}
        self.arrived: set[str] = set()
        self.dismissed: set[str] = set()

    def _explainer(self) -> Explainer:
        top_up = TopUp(Decimal(self.contract["percent_brss"])) if self.contract else None
        name = self.contract["name"] if self.contract else None
        return Explainer(self._ledger(), PERSONS, top_up=top_up, contract=name, with_doctor=self.doctors)

    def _ledger(self) -> Any:
        return build_ledger(PAYMENTS, PERSONS)

    def coverage(self) -> dict[str, Any]:
        return {"top_up": None, "source": None, "contract": self.contract, "situations": self.situations,
                "attending_doctor": self.doctors}

    def owed(self) -> dict[str, Any]:
        explainer = self._explainer()
        found = find_anomalies(PAYMENTS, explainer, self._ledger(), self.doctors)
        days = (date.fromisoformat(self.contract["from"]) if self.contract and self.contract["from"] else None, None)
        left_out = [*shares_uncounted(PAYMENTS, explainer, days), NO_BANK_FILE]
        return {**told(left_out, "top_up"),
                "top_up": expected_shares(PAYMENTS, explainer, self.received, date(2026, 11, 23)),
                "missing": [one for one in self.missing if one["credit"] not in self.matched
                            and one["payment"] not in self.arrived],
                "anomalies": [one for one in found if one["id"] not in self.dismissed],
                "dismissed": len(self.dismissed), "contract": self.contract}

    def get(self, path: str, query: dict[str, str]) -> Any:
        """The answer of a GET, or None when the path is not about money."""
        if path == "/v1/ledger":
            year = int(query.get("year", 2026))
            left_out = year_uncounted(PAYMENTS, year, date(2026, 11, 23))
            return {**self._ledger().shape(year), **told(left_out, "payments")}
        if path == "/v1/year":
            year = int(query.get("year", 2026))
            left_out = year_uncounted(PAYMENTS, year, date(2026, 11, 23))
            return {**year_view(PAYMENTS, year), **told(left_out, "payments")}
        if path == "/v1/owed":
            return self.owed()
        if path == "/v1/coverage":
            return self.coverage()
        if path.startswith("/v1/explain/"):
            key = path.rpartition("/")[2]
            shape = next((one for one in PAYMENTS if one["id"] == key), PAYMENTS[0])
            return self._explainer().explain(shape)
        return None

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The answer of a POST, or None. Raises KeyError with the code of a problem."""
        if path == "/v1/estimate":
            try:
                return estimate_json(body["care"])
            except AmeliError as error:
                raise KeyError(error.code) from error
        if path == "/v1/coverage":
            self.contract = body.get("contract", self.contract)
            self.situations |= body.get("situations", {})
            self.doctors |= body.get("attending_doctor", {})
            return self.coverage()
        if path == "/v1/owed/received":
            if body.get("undo"):
                self.received.pop(body["payment"], None)
            else:
                self.received[body["payment"]] = Received(Decimal(9), date(2026, 11, 23), "hand")
            return self.owed()
        if path == "/v1/owed/arrived":
            (self.arrived.discard if body.get("undo") else self.arrived.add)(body["payment"])
            return self.owed()
        if path == "/v1/owed/match":
            self.matched[body["credit"]] = body["payment"]
            return self.owed()
        if path == "/v1/owed/dismiss":
            self.dismissed.add(body["anomaly"])
            return self.owed()
        return None
