"""The service decides on C2S by its own reading of the ceilings, and agrees with the program's."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.procedures import c2s_entitlement as c2s
from agent.sandbox.desk.c2s_ceilings import decide
from tests.agent.sandbox.desk import C2S, KEY, asked, control, days_pass, deposit, letters, put, state
from tests.agent.sandbox.household import TODAY
from tests.agent.sandbox.visitor import Visitor
from tests.thoroughness import examples


async def request(person: Visitor, monthly: str) -> dict[str, Any]:
    answers = {**C2S, "resources": [{"kind": "wages", "amounts": monthly}]}
    await put(person, f"requests/{KEY}", asked("c2s", answers, await deposit(person, "tax_notice")))
    await days_pass(person, 60)
    return await state(person)


async def test_under_the_first_ceiling_it_is_free(person: Visitor) -> None:
    found = await request(person, "500")
    assert found["status"] == "accepted" and "sans participation" in found["decision"]["reason"]
    right = person.sandbox.service.household.solidarity
    assert right and right.contribution is False


async def test_under_the_second_the_participation_is_told(person: Visitor) -> None:
    found = await request(person, "1000")
    assert found["status"] == "accepted" and "par mois" in found["decision"]["reason"]
    right = person.sandbox.service.household.solidarity
    assert right and right.contribution is True
    letter = next(one for one in person.sandbox.service.household.messages if "acceptée" in one.subject)
    assert "avec participation" in letter.body


async def test_above_it_is_refused_with_the_sums(person: Visitor) -> None:
    found = await request(person, "4000")
    assert found["status"] == "refused" and "48000,00" in found["decision"]["reason"]
    assert letters(person)[-1].startswith("Votre demande est refusée")
    assert person.sandbox.service.household.solidarity is None


async def test_a_document_that_names_a_waiting_file_completes_it(person: Visitor) -> None:
    answer = await put(person, f"requests/{KEY}", asked("c2s", C2S))
    await control(person, needs=["tax_notice"])
    document = asked("supporting-document", {"subject": "C2S", "reference": answer.json()["reference"].lower()},
                     await deposit(person, "document"))
    assert (await put(person, "requests/" + KEY.replace("1", "2"), document)).status_code == 201
    found = await state(person)
    assert (found["status"], found["needs"]) == ("received", [])


_PEOPLE = st.lists(st.tuples(st.dates(date(1940, 1, 1), date(2026, 1, 1)), st.booleans()), max_size=6)
_KINDS = st.sampled_from(["wages", "rsa", "aah", "interrupted_wages", "maintenance_paid", "family"])


@settings(max_examples=examples(150), deadline=None)
@given(_PEOPLE, st.lists(st.tuples(_KINDS, st.decimals(0, 4000, places=2)), max_size=3),
       st.sampled_from(["rent", "aid", "owner", "free"]), st.sampled_from(["75012", "97120", "67000"]),
       st.sampled_from([TODAY, date(2024, 6, 1), date(2025, 12, 1), date(2022, 5, 1)]))
def test_both_readings_of_the_ceilings_agree(
    others: list[tuple[date, bool]], incomes: list[tuple[Any, Decimal]], housing: Any, postcode: str, today: date,
) -> None:
    born = date(1985, 5, 12)
    others = [(day, shared) for day, shared in others if day < today]
    limit = date(today.year - 25, today.month, today.day)
    household = [{"name": "X", "relation": "child" if day > limit else "other", "birth_date": day.isoformat(),
                  "shared_custody": shared and day > limit} for day, shared in others]
    answers = {"household": household, "housing": housing, "housing_aid": "150", "postcode": postcode,
               "benefit": "none", "applicant_birth_date": born.isoformat(),
               "resources": [{"kind": kind, "amounts": str(amount)} for kind, amount in incomes]}
    told = decide(answers, None, today)
    ours = c2s.assess(
        [c2s.Person("A", born), *(c2s.Person("X", day, shared and day > limit) for day, shared in others)],
        [c2s.Income(kind, (amount,) * 12) for kind, amount in incomes], housing, today, aid=Decimal(150),
        overseas=postcode.startswith("971"), alsace_moselle=postcode.startswith("67"))
    assert abs(told.resources - ours.resources) < Decimal("0.02")
    if ours.status != "unsure":
        assert told.given == ours.status
        assert told.monthly == ours.contribution
