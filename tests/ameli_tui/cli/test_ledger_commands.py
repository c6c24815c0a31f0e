"""``ledger`` and ``year`` on a real agent and a synced account."""

from decimal import Decimal

from tests.commands import Home


def test_the_ledger_adds_up_person_by_person(demo_home: Home) -> None:
    told = demo_home.json("ledger")
    assert told["year"] == 2026
    assert told["beneficiaries"]
    for person in told["beneficiaries"]:
        for kind in ("participation", "franchise"):
            mine = [one for one in person["entries"] if one["kind"] == kind]
            gauge = {name: Decimal(amount) for name, amount in person[kind].items()}
            assert gauge["due"] == sum(Decimal(one["amount"]) for one in mine)
            assert gauge["outstanding"] == sum(Decimal(one["outstanding"]) for one in mine)
            assert gauge["due"] == gauge["withheld"] + gauge["outstanding"]
            assert gauge["left"] == gauge["ceiling"] - gauge["due"] >= 0


def test_one_person_may_be_asked_for(demo_home: Home) -> None:
    name = demo_home.json("ledger")["beneficiaries"][0]["name"]
    assert [one["name"] for one in demo_home.json("ledger", "--beneficiary", name.lower())["beneficiaries"]] == [name]
    nobody = demo_home.run("ledger", "--beneficiary", "Nobody Known")
    assert nobody.code == 2 and name in nobody.err
    text = demo_home.run("ledger", "--beneficiary", name, AMELI_LANG="fr")
    assert text.code == 0
    assert text.out.startswith(name)
    assert "Franchises" in text.out


def test_a_year_is_its_months_its_persons_and_its_kinds_of_care(demo_home: Home) -> None:
    told = demo_home.json("year", "--year", "2025")
    assert told["year"] == 2025
    assert told["months"]
    for name in ("spent", "reimbursed", "left"):
        whole = Decimal(told[name])
        assert sum(Decimal(one[name]) for one in told["by_person"]) == whole
        assert sum(Decimal(one[name]) for one in told["by_kind"]) == whole
    payments = [one for one in demo_home.json("payments") if one["paid_on"].startswith("2025")]
    withheld = -sum(Decimal(taken["amount"]) for one in payments for taken in one["deductions"])
    assert Decimal(told["withheld"]) == withheld


def test_a_year_of_one_person_counts_only_what_was_withheld_for_that_person(demo_home: Home) -> None:
    whole = demo_home.json("year", "--year", "2025")
    shares = [demo_home.json("year", "--year", "2025", "--beneficiary", one["name"]) for one in whole["by_person"]]
    assert sum(Decimal(one["spent"]) for one in shares) == Decimal(whole["spent"])
    assert sum(Decimal(one["withheld"]) for one in shares) <= Decimal(whole["withheld"])
    assert all([one["name"] for one in share["by_person"]] == [share["by_person"][0]["name"]] for share in shares)


def test_the_year_is_drawn_with_bars_in_both_languages(demo_home: Home) -> None:
    text = demo_home.run("year", "--year", "2025")
    assert text.code == 0
    assert "█" in text.out
    assert "Left to pay" in text.out
    assert "Reste à payer" in demo_home.run("year", "--year", "2025", AMELI_LANG="fr").out
    assert demo_home.run("year", "--year", "1990").out.startswith("Nothing is counted: the oldest payment known here")
    assert demo_home.run("year", "--year", "last").code == 2
