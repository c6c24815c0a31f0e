"""The complementary insurer's shares held against its transfers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from agent.protocol.money import KeptCredit, TopUpShare
from agent.rules.owed.top_up_expected import Received

_WINDOW = timedelta(days=45)
"""An insurer pays within a few weeks of the fund."""
_ZERO = Decimal(0)
BANK = "bank"


def find_received(
    shares: Iterable[TopUpShare], credits: Sequence[KeptCredit]
) -> dict[str, Received]:
    """By payment, the shares that a transfer of an insurer brought.

    ``shares`` are those of ``expected_shares``, ``credits`` those of ``agent.store.bank_credits``. A transfer is one
    share, or all the shares of one day of payment, and nothing else it could be; a doubt pairs nothing.
    """
    waited = {one["payment"]: (date.fromisoformat(one["paid_on"]), Decimal(one["expected"])) for one in shares
              if one["status"] in ("expected", "overdue")}
    days: defaultdict[date, list[str]] = defaultdict(list)
    for payment, (paid_on, _) in sorted(waited.items()):
        days[paid_on].append(payment)
    groups = [[payment] for payment in sorted(waited)] + [group for group in days.values() if len(group) > 1]
    received: dict[str, Received] = {}
    left = {one["id"]: (date.fromisoformat(one["on"]), Decimal(one["amount"])) for one in credits
            if one["payer"] in ("top_up", "maybe") and one["said"] is None}
    while True:
        fits = {credit: [group for group in groups if not any(one in received for one in group)
                         and sum((waited[one][1] for one in group), _ZERO) == amount
                         and all(timedelta() <= on - waited[one][0] <= _WINDOW for one in group)]
                for credit, (on, amount) in left.items()}
        sole = [(credit, listed[0]) for credit, listed in fits.items() if len(listed) == 1
                and sum(listed[0] in other for other in fits.values()) == 1]
        if not sole:
            return received
        credit, group = sole[0]
        for payment in group:
            received[payment] = Received(waited[payment][1], left[credit][0], BANK)
        del left[credit]
