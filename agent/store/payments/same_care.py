"""Whether two records of a payment tell of the same care: what parts equal payments of one day."""

from collections import Counter

from agent.store.payments.records import PaymentRecord
from config.fold import fold


def same_care(one: PaymentRecord, other: PaymentRecord) -> bool:
    """The same acts, amounts and persons. A person whom one of the two does not name may be any."""
    return _acts(one) == _acts(other) and same_people(_people(one), _people(other))


def same_people(some: set[str], others: set[str]) -> bool:
    """Whether each one may be among the others: a first name is part of a whole one."""
    if not some or not others:
        return True
    return _each(some, others) and _each(others, some)


def words_of(name: str) -> set[str]:
    """The words of a name, in capitals without accents or hyphens."""
    return set(fold(name).upper().replace("-", " ").replace("'", " ").split())


def _each(some: set[str], others: set[str]) -> bool:
    return all(any(_may_be(one, other) for other in others) for one in some)


def _may_be(one: str, other: str) -> bool:
    a, b = words_of(one), words_of(other)
    return a <= b or b <= a


def _acts(record: PaymentRecord) -> Counter[tuple[str | None, ...]]:
    acts = Counter[tuple[str | None, ...]]((line["act_date"], line["reimbursed"]) for line in record.get("lines", ()))
    acts.update((one["start"], one["end"], one["amount"]) for one in record.get("indemnities", ()))
    return acts


def _people(record: PaymentRecord) -> set[str]:
    return {line["beneficiary"] for line in record.get("lines", ()) if line["beneficiary"]}
