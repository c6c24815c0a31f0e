"""What complementary insurers' files say they paid, and the marks of received shares that follow from it.

What the person said of a payment by hand always stays.
"""

from decimal import Decimal

from agent.account.batch import ShareRead
from agent.store.account_records import ReceivedMark, ShareClaim
from agent.store.account_state import AccountBook
from agent.store.origins import Claim, imported_by, with_claim

INSURER_FILE = "insurer file"
"""How a share was learnt of when the insurer's own file says it."""


class ShareBook:
    """Marks of received shares by payment."""

    def __init__(self, account: AccountBook) -> None:
        self._account = account

    def add(self, shares: tuple[ShareRead, ...], claim: Claim) -> tuple[int, int]:
        """Take in what a file says; (new, seen again). Call inside a step of the store."""
        claims, marks = self._claims(), dict(self._account.received.read() or {})
        new = again = 0
        for share in shares:
            said: ShareClaim = {**claim, "amount": f"{share.amount:.2f}", "on": share.on.isoformat()}
            before = claims.get(share.payment, [])
            mark = marks.get(share.payment)
            if mark is not None and (mark["how"] != INSURER_FILE or Decimal(mark["amount"]) == share.amount):
                again += 1
            else:
                new += 1
            claims[share.payment] = with_claim(before, said, _source)
        self._keep(claims, marks)
        return new, again

    def withdraw(self, source: str) -> list[str]:
        """Take back what a file said; the payments whose mark is gone."""
        claims, marks = self._claims(), dict(self._account.received.read() or {})
        before = set(marks)
        for payment in list(claims):
            claims[payment] = [one for one in claims[payment] if not imported_by(one["source"], source)]
        self._keep(claims, marks)
        return sorted(before - set(self._account.received.read() or {}))

    def rename(self, renamed: dict[str, str]) -> None:
        """Payments have other ids now."""
        claims, marks = self._claims(), dict(self._account.received.read() or {})
        for old, new in renamed.items():
            if old in marks and new not in marks:
                marks[new] = marks.pop(old)
            if old in claims:
                claims[new] = [*claims.get(new, ()), *claims.pop(old)]
        self._keep(claims, marks)

    def forget(self, payment: str) -> ReceivedMark | None:
        """Drop the mark of a payment that is gone, and return it; what files say of it stays, should it come again."""
        marks = dict(self._account.received.read() or {})
        mark = marks.pop(payment, None)
        self._account.received.write(marks or None)
        return mark

    def _claims(self) -> dict[str, list[ShareClaim]]:
        kept = self._account.share_claims.read()
        if kept is not None:
            return dict(kept)
        marks = self._account.received.read() or {}  # of an older version
        return {payment: [{"way": "file", "source": "", "at": "", "amount": mark["amount"], "on": mark["on"]}]
                for payment, mark in marks.items() if mark["how"] == INSURER_FILE}

    def _keep(self, claims: dict[str, list[ShareClaim]], marks: dict[str, ReceivedMark]) -> None:
        kept = {payment: sorted(said, key=_source) for payment, said in sorted(claims.items()) if said}
        for payment in claims:
            mark = marks.get(payment)
            if mark is not None and mark["how"] != INSURER_FILE:
                continue
            if payment in kept:
                newest = max(kept[payment], key=lambda said: (said["on"], said["amount"]))
                marks[payment] = {"amount": newest["amount"], "on": newest["on"], "how": INSURER_FILE}
            else:
                marks.pop(payment, None)
        self._account.share_claims.write(kept or None)
        self._account.received.write(marks or None)


def _source(claim: ShareClaim) -> str:
    return claim["source"]
