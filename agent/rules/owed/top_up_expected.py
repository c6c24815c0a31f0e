"""The complementary insurance's share of each payment: expected, received, overdue, or the professional's affair."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from agent.protocol.money import TopUpShare
from agent.protocol.payments import PaymentDetail
from agent.rules.explain import Explainer
from config.tariffs import value

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Received:
    """A share that arrived. ``how``: ``hand``, or the file it was read in."""

    amount: Decimal
    on: date | None
    how: str


def expected_shares(
    payments: Iterable[PaymentDetail], explainer: Explainer, received: Mapping[str, Received], today: date,
    since: date | None = None,
) -> list[TopUpShare]:
    """One entry per payment of which the contract gives something, or that was marked, newest first.

    ``since``: first day of the contract; payments before it expect nothing.
    """
    patience = timedelta(days=int(value("top_up.overdue_after", today)))
    to_come: list[TopUpShare] = []
    for payment in payments:
        mark = received.get(payment["id"])
        paid_on = date.fromisoformat(payment["paid_on"])
        shares = [explainer.expected_top_up(one) for one in explainer.judged(payment)]
        expected = sum((share for share in shares if share), _ZERO)
        if since is not None and paid_on < since:
            expected = _ZERO
        if not expected and mark is None:
            continue
        status: Literal["expected", "overdue", "received", "third_party"]
        if mark:
            status = "received"
        elif payment["to"] == "tiers":
            status = "third_party"  # as a rule the top-up settles it with the professional too
        else:
            status = "overdue" if paid_on + patience < today else "expected"
        to_come.append({
            "payment": payment["id"],
            "paid_on": payment["paid_on"],
            "label": ", ".join(dict.fromkeys(line["act"] for line in payment["lines"])) or payment["label"],
            "beneficiaries": list(payment["beneficiaries"]),
            "to": payment["to"],
            "expected": f"{expected:.2f}",
            "received": f"{mark.amount:.2f}" if mark else None,
            "missing": f"{max(_ZERO, expected - (mark.amount if mark else _ZERO)):.2f}",
            "status": status,
            "received_on": mark.on.isoformat() if mark and mark.on else None,
            "how": mark.how if mark else None,
        })
    return sorted(to_come, key=lambda share: (share["paid_on"], share["payment"]), reverse=True)
