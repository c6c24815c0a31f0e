"""A round's batches as bytes and back: what is not exactly such batches is refused."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from agent.account.batch import Batch

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(tuple[Batch, ...])


def pack(batches: Sequence[Batch]) -> bytes:
    """The batches of a round, files included."""
    return _ENCODER.encode(batches)


def unpack(plain: bytes) -> tuple[Batch, ...]:
    """The batches. Raises ``ValueError`` for anything else."""
    try:
        batches = _DECODER.decode(plain)
    except (msgspec.DecodeError, ValueError) as error:
        raise ValueError("these are no batches") from error
    for batch in batches:
        if not all(map(Decimal.is_finite, _amounts(batch))):
            raise ValueError("an amount is no number")
        numbers = {read.number for read in batch.payments}
        if not all(file.of is None or file.of in numbers for file in batch.documents):
            raise ValueError("a file belongs to a payment that is not there")
    return batches


def _amounts(batch: Batch) -> Iterator[Decimal]:
    for read in batch.payments:
        payment = read.payment
        yield payment.amount
        for line in payment.lines:
            yield line.reimbursed
            yield from (euros for euros in (line.paid, line.base, line.rate) if euros is not None)
        for deduction in payment.deductions:
            yield deduction.amount
        for period in payment.indemnities:
            yield period.amount
            if period.daily is not None:
                yield period.daily
    for account in batch.bank:
        yield from (line.amount for line in account.lines)
    yield from (share.amount for share in batch.shares)
