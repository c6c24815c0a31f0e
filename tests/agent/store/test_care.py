"""What parts equal payments of one day."""

import pytest

from agent.store.payments.same_care import same_care, same_people


def record(*care: tuple[str, str, str]) -> dict[str, list[dict[str, str]]]:
    return {"lines": [{"beneficiary": who, "act_date": day, "reimbursed": amount} for who, day, amount in care]}


@pytest.mark.parametrize(("some", "others", "same"), [
    ({"ZOE"}, {"DUPONT Zoé"}, True), ({"JEAN-PAUL"}, {"DUPONT JEAN PAUL"}, True), ({"ZOE"}, {"DUPONT LOU"}, False),
    ({"ZOE"}, set(), True), ({"ZOE"}, {"DUPONT ZOE", "DUPONT LOU"}, False),
    ({"ZOE", "LOU"}, {"LOU D", "ZOE D"}, True), ({"N'DIAYE AWA"}, {"N’Diaye Awa"}, True),
])
def test_persons_are_the_same_by_the_words_of_their_names(some: set[str], others: set[str], same: bool) -> None:
    assert same_people(some, others) is same


def test_care_is_the_same_by_day_amount_and_person() -> None:
    visit = record(("ZOE", "2018-10-13", "17.50"), ("LOU", "2018-10-14", "6.50"))
    assert same_care(visit, record(("DUPONT LOU", "2018-10-14", "6.50"), ("DUPONT ZOE", "2018-10-13", "17.50")))
    assert not same_care(visit, record(("ZOE", "2018-10-13", "17.50")))
    assert not same_care(record(("ZOE", "2018-10-13", "17.50")), record(("LOU", "2018-10-13", "17.50")))


def test_sick_pay_is_the_same_by_its_period() -> None:
    period = {"start": "2018-10-01", "end": "2018-10-14", "amount": "387.20"}
    assert same_care({"indemnities": [period]}, {"indemnities": [period]})
    assert not same_care({"indemnities": [period]}, {"indemnities": [{**period, "end": "2018-10-15"}]})
