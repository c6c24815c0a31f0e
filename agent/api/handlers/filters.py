"""The filters of a list, checked: a slip of the fingers is told, never answered as "nothing was paid"."""

from agent.api.handlers.call import Context
from agent.api.parameters import Day, Given
from agent.core.refusals import DaysReversed, UnknownKind
from agent.files.exports.cells import line
from agent.files.formats.errors import UnknownPerson
from agent.store import Query as PaymentQuery
from agent.store.search_text import words
from config.fold import fold

KINDS = ("REMBOURSEMENT_SOINS", "PAIEMENT_A_UN_TIERS", "INDEMNITE_JOURNALIERE_ASSURE")
"""The service's words for a payment that every account may meet."""


class SpanQuery(Given, frozen=True):
    """Of which days, both inclusive, and of whom."""

    since: Day | None = None
    until: Day | None = None
    beneficiary: str = ""
    """A name or a part of one."""


class ListQuery(SpanQuery, frozen=True):
    """What every list of payments can be narrowed to."""

    search: str = ""
    kind: str = ""
    """The service's word for it."""


def checked(context: Context, query: ListQuery) -> PaymentQuery:
    """The payments asked for, where a filter that fits nothing is a mistake. Raises DaysReversed, UnknownPerson,
    UnknownKind."""
    since, until = span(query)
    return PaymentQuery(query.search, since, until, several(context, query.beneficiary), kind(context, query.kind))


def as_given(query: ListQuery) -> PaymentQuery:
    """The payments asked for; the list may come out empty."""
    since, until = _iso(query)
    return PaymentQuery(query.search, since, until, query.beneficiary or None, query.kind or None)


def span(query: SpanQuery) -> tuple[str | None, str | None]:
    """``since`` and ``until`` (ISO). Raises DaysReversed for days that hold none."""
    since, until = _iso(query)
    if since and until and until < since:
        raise DaysReversed(since=since, until=until)
    return since, until


def _iso(query: SpanQuery) -> tuple[str | None, str | None]:
    since, until = query.since, query.until
    return (None if since is None else since.isoformat()), (None if until is None else until.isoformat())


def person(context: Context, name: str) -> str | None:
    """The one person of the account whose name holds every word asked for. Raises UnknownPerson."""
    if not name.strip():
        return None
    everybody, matching = _named(context, name)
    exact = [full for full in matching if words(full) == words(name)]
    for names in (exact, matching):
        if len({fold(full) for full in names}) == 1:
            return names[0]
    raise UnknownPerson(known=_listed(everybody))


def several(context: Context, name: str) -> str | None:
    """A name, or the part of one that several people share, as it was asked. Raises UnknownPerson when it is nobody's.

    An account that nothing was read of knows nobody: then there is nobody to tell.
    """
    if not name.strip():
        return None
    everybody, matching = _named(context, name)
    if everybody and not matching:
        raise UnknownPerson(known=_listed(everybody))
    return name


def kind(context: Context, word: str) -> str | None:
    """A word of the service for a payment. Raises UnknownKind naming those that there are."""
    if not word.strip():
        return None
    kinds = sorted({*KINDS, *context.agent.store.payments.facets()["kinds"]})
    if word.strip().upper() not in kinds:
        raise UnknownKind(known=", ".join(line(one) for one in kinds))
    return word.strip()


def _named(context: Context, name: str) -> tuple[list[str], list[str]]:
    """Everybody of the account, and those whose name holds every word of ``name``."""
    store, wanted = context.agent.store, words(name)
    family = [one["name"] for one in store.profile().get("beneficiaries") or ()]
    everybody: list[str] = list(dict.fromkeys([*family, *store.payments.facets()["beneficiaries"]]))
    return everybody, [full for full in everybody if all(word in fold(full) for word in wanted)]


def _listed(names: list[str]) -> str:
    return ", ".join(line(name) for name in names) or "-"
