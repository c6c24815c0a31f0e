"""Names for payments that stay the same when the service renames them."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import blake2b


def payment_id(paid_on: date, kind: str, amount: Decimal, rank: int) -> str:
    """Return the stable id of the ``rank``-th (from 0) payment of that day, kind and amount."""
    key = f"{paid_on.isoformat()}|{kind}|{amount:.2f}|{rank}"
    return "p" + blake2b(key.encode(), digest_size=8).hexdigest()


def ranked_ids(payments: Iterable[tuple[date, str, Decimal]]) -> list[str]:
    """Ids for a whole list, in its order: equal payments are told apart by their rank in it."""
    seen: Counter[tuple[date, str, Decimal]] = Counter()
    ids = []
    for key in payments:
        ids.append(payment_id(*key, seen[key]))
        seen[key] += 1
    return ids
