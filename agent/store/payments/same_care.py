"""Whether two sources tell of the same care: what parts equal payments of one day."""

from collections import Counter

from agent.store.payments.claims import Content
from config.fold import fold


def same_care(record: Content, other: Content) -> bool:
    """The same acts, amounts and persons. A person whom one of the two does not name may be any."""
    return _acts(record) == _acts(other) and same_people(_people(record), _people(other))


def same_people(some: set[str], others: set[str]) -> bool:
    """Whether each one may be among the others: a first name is part of a whole one."""
    if not some or not others:
        return True
    return _each(some, others) and _each(others, some)


def words_of(name: str) -> set[str]:
    """The words of a name, in capitals without accents or hyphens."""
    return set(fold(name).upper().replace("-", " ").replace("'", " ").split())


def _each(some: set[str], others: set[str]) -> bool:
    return all(any(_may_be(name, other) for other in others) for name in some)


def _may_be(name: str, other: str) -> bool:
    words, more = words_of(name), words_of(other)
    return words <= more or more <= words


def _acts(content: Content) -> Counter[tuple[str | None, ...]]:
    acts = Counter[tuple[str | None, ...]]((line["act_date"], line["reimbursed"]) for line in content.get("lines", ()))
    acts.update((period["start"], period["end"], period["amount"]) for period in content.get("indemnities", ()))
    return acts


def _people(content: Content) -> set[str]:
    return {line["beneficiary"] for line in content.get("lines", ()) if line["beneficiary"]}
