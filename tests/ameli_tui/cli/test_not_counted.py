"""What is not counted or not known is said by the commands, and a slip of the fingers is told: neither is "nothing"."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Home, make_vault


@pytest.fixture
def unsigned_home(empty_home: Home, tmp_path: Path) -> Iterator[Home]:
    """A vault of which nobody signed in yet."""
    word = tmp_path / "passphrase"
    word.write_text("four plain words here\n", encoding="utf-8")
    make_vault(empty_home, "four plain words here")
    empty_home.json("unlock", "--passphrase-file", str(word))
    yield empty_home


def test_owed_without_a_contract_says_that_it_is_not_counted_and_what_notes_one(demo_home: Home) -> None:
    told = demo_home.json("owed")
    assert (told["counted"], told["why_not"]) == (False, "no_contract")
    for lang, words in (("en", ("not counted", "no contract", "ameli coverage set", "no bank statement")),
                        ("fr", ("n'est pas comptée", "aucun contrat", "ameli coverage set", "aucun relevé de banque"))):
        said = demo_home.run("owed", AMELI_LANG=lang).out
        for word in words:
            assert word in said
        assert "0.00" not in said and "0,00" not in said
        assert "Nothing is expected" not in said and "Rien n'est attendu" not in said


def test_a_contract_from_a_later_day_counts_in_part_and_says_since_when(demo_home: Home) -> None:
    try:
        demo_home.json("coverage", "set", "--name", "MUTUELLE", "--percent", "100", "--from", "2026-06-01")
        told = demo_home.json("owed")
        assert told["counted"] and told["why_not"] is None
        partly = next(one for one in told["not_counted"] if one["why"] == "before_contract")
        assert partly["payments"] > 0
        assert "2026-06-01" in demo_home.run("owed").out
        oldest = demo_home.json("payments", "--until", "2026-03-01")[0]
        explained = demo_home.json("explain", oldest["id"])
        assert (explained["top_up"]["counted"], explained["top_up"]["why_not"]) == (False, "before_contract")
        assert "before any top-up" in demo_home.run("explain", oldest["id"]).out
    finally:
        demo_home.json("coverage", "forget")


def test_the_bot_does_not_call_an_unknown_share_zero(demo_home: Home) -> None:
    for question, lang in (("what does my top-up still owe me", "en"),
                           ("qu'est-ce que ma mutuelle me doit encore", "fr")):
        answer = demo_home.json("ask", question, "--lang", lang)
        assert answer["intent"] == "owed-to-me"
        assert "0.00" not in answer["answer"] and "0,00" not in answer["answer"]
        assert "ameli coverage set" in answer["answer"]


@pytest.mark.parametrize("args", [
    ("payments", "--beneficiary", "nobody"), ("ledger", "--beneficiary", "zz"), ("year", "--beneficiary", "zz"),
])
def test_a_person_nobody_knows_is_refused_with_those_that_are_known(demo_home: Home, args: tuple[str, ...]) -> None:
    name = demo_home.json("profile")["beneficiaries"][0]["name"]
    done = demo_home.run(*args, "--json")
    assert (done.code, done.error["code"]) == (2, "unknown_person")
    assert name in done.error["message"]
    first = name.split()[0].casefold()
    assert demo_home.json("payments", "--beneficiary", first)
    assert [one["name"] for one in demo_home.json("ledger", "--beneficiary", first)["beneficiaries"]] == [name]


def test_a_kind_that_does_not_exist_is_refused_with_those_that_do(demo_home: Home) -> None:
    done = demo_home.run("payments", "--kind", "FOO", "--json")
    assert (done.code, done.error["code"]) == (2, "unknown_kind")
    assert "REMBOURSEMENT_SOINS" in done.error["message"]
    assert demo_home.json("payments", "--kind", "remboursement_soins")
    assert demo_home.run("payments", "--kind", "INDEMNITE_JOURNALIERE_ASSURE").code == 0


@pytest.mark.parametrize("args", [("payments",), ("export", "--format", "xlsx", "--out", "x.xlsx"),
                                  ("export", "--format", "documents", "--out", "x")])
def test_days_the_wrong_way_round_are_refused(demo_home: Home, args: tuple[str, ...], tmp_path: Path) -> None:
    args = tuple(str(tmp_path / one) if one.startswith("x.") or one == "x" else one for one in args)
    done = demo_home.run(*args, "--since", "2026-06-01", "--until", "2026-01-01", "--json")
    assert (done.code, done.error["code"]) == (2, "days_reversed")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["report", "xlsx", "csv", "json"])
def test_an_export_without_payments_says_so(demo_home: Home, tmp_path: Path, name: str) -> None:
    done = demo_home.run("export", "--format", name, "--year", "1999", "--out", str(tmp_path / "x"))
    assert done.code == 0
    assert "no payment" in done.err
    full = demo_home.run("export", "--format", name, "--year", "2026", "--out", str(tmp_path / "y"))
    assert "no payment" not in full.err


@pytest.mark.parametrize(("args", "why"), [(("--year", "2015"), "before_known"), (("--year", "2031"), "to_come")])
@pytest.mark.parametrize("command", ["year", "ledger"])
def test_a_year_that_is_not_known_is_not_a_year_without_care(
    demo_home: Home, command: str, args: tuple[str, ...], why: str
) -> None:
    told = demo_home.json(command, *args)
    assert (told["counted"], told["why_not"]) == (False, why)
    said = demo_home.run(command, *args).out
    assert "Nothing is counted" in said
    assert "€" not in said


@pytest.mark.parametrize("command", ["payments", "documents", "messages"])
def test_a_vault_nobody_signed_in_to_asks_for_the_account(unsigned_home: Home, command: str) -> None:
    done = unsigned_home.run(command, "--json")
    assert (done.code, done.error["code"]) == (5, "no_account")
    assert "ameli login" in done.error["hint"]
    shown = unsigned_home.run(command)
    assert shown.code == 5 and "No account is known yet" in shown.err


def test_a_vault_nobody_signed_in_to_counts_nothing(unsigned_home: Home) -> None:
    for command in ("owed", "year", "ledger"):
        told = unsigned_home.json(command)
        assert (told["counted"], told["why_not"]) == (False, "no_account")
        said = unsigned_home.run(command).out
        assert "ameli login" in said and "Nothing is owed" not in said and "No anomaly" not in said
    answer = unsigned_home.json("ask", "what does my top-up still owe me", "--lang", "en")
    assert "ameli login" in answer["answer"] and "0.00" not in answer["answer"]
