"""The payments, indexed: any window, month or payment is found without walking the whole history."""

import base64
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date

from agent.sandbox.model import SandboxPayment

_NONCE = 136
"""Bytes of noise in a payment's id: with the 8 of its index, 192 characters once in base64."""


class PaymentHistory:
    """Payments by day, with the opaque names the service gives them.

    ``payments`` may come in any order; ``secret`` seeds the names.
    """

    def __init__(self, payments: Sequence[SandboxPayment], secret: str) -> None:
        self._payments = sorted(payments, key=lambda payment: payment.paid_on)
        self._days = [payment.paid_on for payment in self._payments]
        self._secret = hashlib.blake2b(secret.encode()).digest()

    def __len__(self) -> int:
        return len(self._payments)

    @property
    def first_day(self) -> date | None:
        """Day of the oldest payment."""
        return self._days[0] if self._days else None

    def span(self, since: date, until: date) -> range:
        """Positions of the payments from ``since`` to ``until``, both included."""
        return range(bisect_left(self._days, since), bisect_right(self._days, until))

    def at(self, position: int) -> SandboxPayment:
        return self._payments[position]

    def of_month(self, month: date, until: date) -> list[SandboxPayment]:
        """Payments of the month that starts at ``month``, up to ``until``."""
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        first, last = bisect_left(self._days, month), bisect_left(self._days, following)
        return self._payments[first:min(last, bisect_right(self._days, until))]

    def takes(self, day: date) -> bool:
        """Whether a payment of that day can be added."""
        return not self._days or day >= self._days[-1]

    def append(self, payment: SandboxPayment) -> None:
        """Add one more payment, no older than the newest. Raises ValueError otherwise: names follow positions."""
        if not self.takes(payment.paid_on):
            raise ValueError("a new payment cannot be older than those there are")
        self._payments.append(payment)
        self._days.append(payment.paid_on)

    def name(self, position: int, generation: int) -> str:
        """Opaque id of a payment: 192 characters that mean nothing; another ``generation`` renames them all."""
        salt = self._secret[:16] + generation.to_bytes(8, "big")
        seed = hashlib.blake2b(position.to_bytes(8, "big"), key=salt)
        noise = hashlib.shake_128(seed.digest()).digest(_NONCE)
        return base64.urlsafe_b64encode(noise + self._veil(position.to_bytes(8, "big"), noise, salt)).decode()

    def find(self, name: str, generation: int) -> int | None:
        """Position of the payment so named, or ``None``."""
        try:
            raw = base64.urlsafe_b64decode(name.encode("ascii"))
        except ValueError:
            return None
        if len(raw) != _NONCE + 8:
            return None
        salt = self._secret[:16] + generation.to_bytes(8, "big")
        position = int.from_bytes(self._veil(raw[_NONCE:], raw[:_NONCE], salt), "big")
        if position >= len(self._payments) or self.name(position, generation) != name:
            return None
        return position

    @staticmethod
    def _veil(data: bytes, noise: bytes, salt: bytes) -> bytes:
        mask = hashlib.blake2b(noise, key=salt, digest_size=8).digest()
        return bytes(a ^ b for a, b in zip(data, mask, strict=True))
