"""The index against the plain way of doing it: every row looked at, one by one."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent.store.payments.index import Entry, PaymentIndex, Query, euros
from agent.store.search_text import amount_words, day_words, fold, words

PEOPLE = ("Zoé MARTIN", "Léo MARTIN", "Anne-Lise O'BRIEN")
ACTS = ("C GÉNÉRALISTE", "PHARMACIE 65%", "SŒURS", "IJ normales")
KINDS = ("REMBOURSEMENT_SOINS", "PAIEMENT_A_UN_TIERS")
START = date(2025, 11, 20)

entries = st.lists(
    st.builds(
        Entry,
        id=st.integers(0, 40).map(lambda number: f"p{number:016x}"),
        day=st.just(""),
        kind=st.sampled_from(KINDS),
        cents=st.integers(-5000, 200_000),
        to=st.sampled_from(("assure", "tiers")),
        label=st.sampled_from(("Soins", "Indemnités")),
        beneficiaries=st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True).map(tuple),
        acts=st.lists(st.sampled_from(ACTS), max_size=3).map(tuple),
        document=st.booleans(),
        withheld=st.lists(st.sampled_from(("franchise", "rien du tout")), max_size=2).map(tuple),
    ).map(lambda entry: entry._replace(day=(START + timedelta(days=int(entry.id[1:], 16) * 9)).isoformat())),
    max_size=60,
)
queries = st.builds(
    Query,
    search=st.sampled_from(
        ("", "zoe", "ZOÉ mar", "17,5", "2026-01", "janvier", "soeurs", "12/2025", "0", "rien", "franchise")),
    since=st.none() | st.integers(0, 400).map(lambda number: (START + timedelta(days=number)).isoformat()),
    until=st.none() | st.integers(0, 400).map(lambda number: (START + timedelta(days=number)).isoformat()),
    beneficiary=st.none() | st.sampled_from(("zoe", "martin", "obrien", "O'Brien anne")),
    kind=st.none() | st.sampled_from((*KINDS, "paiement_a_un_tiers")),
)


def plainly(kept: dict[str, Entry], query: Query) -> list[Entry]:
    """The same question, asked of each payment."""
    found = []
    for entry in kept.values():
        text = fold(" ".join((entry.label, *entry.acts, *entry.withheld, *entry.beneficiaries, entry.kind)))
        text += f" {day_words(date.fromisoformat(entry.day))} "
        numbers = amount_words(entry.cents)
        if not all(word in text or (any(map(str.isdigit, word)) and word in numbers) for word in words(query.search)):
            continue
        if (query.since and entry.day < query.since) or (query.until and entry.day > query.until):
            continue
        if query.kind and entry.kind != query.kind.upper():
            continue
        asked = words(query.beneficiary or "")
        if asked and not any(all(word in fold(name) for word in asked) for name in entry.beneficiaries):
            continue
        found.append(entry)
    return found


@given(entries, entries, st.lists(queries, min_size=1, max_size=4))
def test_the_index_answers_as_a_look_at_every_payment_does(
    first: list[Entry], later: list[Entry], asked: list[Query]
) -> None:
    kept = {entry.id: entry for entry in first}
    index = PaymentIndex(kept.values())
    for query in asked:
        index.find(query)
    for entry in later:
        kept[entry.id] = entry
        index.put(entry)
    for query in (*asked, replace(asked[0], search="")):
        expected = plainly(kept, query)
        found = index.find(query)
        rows = [index.row(row) for row in index.positions(found)]
        assert {row[0] for row in rows} == {entry.id for entry in expected}
        assert found.total == len(rows) == len(expected)
        assert found.cents == sum(entry.cents for entry in expected)
        assert found.tiers == sum(entry.cents for entry in expected if entry.to == "tiers")
        assert [row[1] for row in rows] == sorted((row[1] for row in rows), reverse=True)
        months: dict[str, int] = {}
        for entry in expected:
            months[entry.day[:7]] = months.get(entry.day[:7], 0) + entry.cents
        assert {month: amount for month, amount, _ in index.months(found)} == {
            month: euros(cents) for month, cents in months.items()
        }
        assert [index.row(row) for row in index.positions(found, 1, 2)] == rows[1:3]
