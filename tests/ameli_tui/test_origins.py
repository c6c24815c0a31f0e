"""Where a record came from is said where it is shown, and what another source says otherwise stands beside it."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest

from ameli_tui import i18n
from ameli_tui.i18n.origins import came_from
from tests.agent.files.formats.statements.writer import Act, Care, Paper, draw
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.fake_imports import said_by_a_statement
from tests.ameli_tui.opened import opened, opened_home
from tests.commands import Home

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")


@SIZES
@pytest.mark.parametrize(("lang", "said"), [
    ("en", "From: the account service, 23 Nov 2026; statement (import 3fa2b1c0), 2 Nov 2026"),
    ("fr", "Provenance : le service, 23/11/2026 ; relevé (import 3fa2b1c0), 02/11/2026"),
])
async def test_a_payment_says_where_it_came_from_the_best_source_first(
    size: tuple[int, int], lang: Literal["fr", "en"], said: str
) -> None:
    async with opened(FakeAgent(), size=size, lang=lang) as driven:
        await driven.keys("2", "enter")
        assert said in joined(driven.text)
        assert "otherwise" not in driven.text and "autre chose" not in driven.text


@SIZES
async def test_what_a_statement_says_otherwise_stands_beside_what_is_shown(size: tuple[int, int]) -> None:
    fake = FakeAgent()
    fake.doubts = [said_by_a_statement()]
    async with opened(fake, size=size, lang="en") as driven:
        await driven.keys("2", "enter")
        assert "! A statement says otherwise: see below." in driven.text
        await driven.keys("G")
        beside = driven.text[driven.text.index("A statement says otherwise ("):]
        rows = {row.split("  ")[0]: row.split()[-2:] for row in map(plain, beside.splitlines()) if row}
        assert rows["! C GENERALISTE"] == ["€18.55", "€21.00"]
        assert rows["! Franchise (medical excess)"] == ["-€0.50", "–"]
        assert "it says: base €26.50" in driven.text and "shown: base €30.00" in driven.text
        same = next(row for row in rows if "Flat-rate" in row)
        assert not same.startswith("!") and rows[same] == ["-€2.00", "-€2.00"]


@pytest.mark.parametrize(("name", "persons"), [("CAMILLE", False), ("NOE", True), ("", False)])
async def test_a_person_is_named_where_the_sources_name_another(name: str, persons: bool) -> None:
    doubt = said_by_a_statement()
    doubt["lines"][0] |= {"beneficiary": name, "base": "30.00", "reimbursed": "21.00"}
    fake = FakeAgent()
    fake.doubts = [doubt]
    async with opened(fake, size=(120, 36), lang="en") as driven:
        await driven.keys("2", "enter")
        assert ("! C GENERALISTE" in driven.text) == persons
        assert ("it says: NOE" in driven.text) == persons


async def test_care_of_another_day_is_told_as_what_only_one_source_knows() -> None:
    doubt = said_by_a_statement()
    doubt["lines"][0]["act_date"] = "2026-11-03"
    fake = FakeAgent()
    fake.doubts = [doubt, {**doubt, "way": "recording", "import": "77aa10f2b3c4"}]
    async with opened(fake, size=(120, 60), lang="en") as driven:
        await driven.keys("2", "enter")
        rows = [plain(row).split() for row in driven.text.splitlines() if "! C GENERALISTE" in row]
        assert [row[-2:] for row in rows] == [["€18.55", "–"], ["–", "€21.00"]] * 2
        assert "it says:" not in driven.text and "3 Nov 2026 · charged €30.00 · base €26.50" in driven.text
        assert "A statement says otherwise" in driven.text and "A recorded session says otherwise" in driven.text


async def test_hostile_words_of_another_source_are_harmless() -> None:
    doubt = said_by_a_statement()
    doubt["lines"][0] |= {"act": "C\x1b[2J\n[red]X", "beneficiary": "EVE\u202e"}
    fake = FakeAgent()
    fake.doubts = [doubt]
    async with opened(fake, size=(120, 36), lang="en") as driven:
        await driven.keys("2", "enter")
        assert "! C\ufffd[2J [red]X" in driven.text and "\u202e" not in driven.text


async def test_a_statement_that_disagrees_with_the_service_is_a_doubt_until_it_is_taken_back(
    demo_home: Home, tmp_path: Path
) -> None:
    profile = demo_home.json("profile")
    payment = next(one for one in demo_home.json("payments") if one["to"] == "assure" and len(one["lines"]) == 1)
    [line] = payment["lines"]
    price, amount = Decimal(payment["amount"]) + 3, Decimal(payment["amount"])
    act = Act(date.fromisoformat(line["act_date"]), "C GENERALISTE", "G", price, price, 100, price)
    care = Care(line["beneficiary"].split()[0], date(1984, 9, 22), [act])
    paper = Paper(date.fromisoformat(payment["paid_on"]), [care], amount, [("FRANCHISE", Decimal(-3))],
                  nir=profile["nir"])
    (tmp_path / "autrement.pdf").write_bytes(draw(paper))
    imported = demo_home.json("import", str(tmp_path / "autrement.pdf"))["files"][0]
    assert imported["problem"] is None and imported["new"] + imported["known"] == 2
    assert imported["known"] >= 1, "the payment, and its décompte when somebody fetched it before"
    async with opened_home(demo_home.folder, size=(120, 40), lang="en") as driven:
        driven.app.open_payment(payment["id"])
        await driven.until("A statement says otherwise: see below.")
        assert f"(import {imported['id'][:8]}, " in driven.text and f"€{price}" in driven.text
        assert "From: the account service, " in driven.text
        assert demo_home.json("import", "--undo", imported["id"])["kept"] == 1
        await driven.wait_for(lambda: "otherwise" not in driven.text)  # the screen hears of it
    shown = next(one for one in demo_home.json("payments") if one["id"] == payment["id"])
    assert (shown["lines"], shown["deductions"]) == (payment["lines"], payment["deductions"])


async def test_a_document_and_an_opened_message_say_it_too() -> None:
    for size in ((80, 24), (120, 36)):
        async with opened(FakeAgent(), size=size, lang="en") as driven:
            await driven.keys("3", "v")
            assert "From: the account service, 23 Nov 2026" in driven.text
            await driven.keys("escape", "4", "enter")
            assert "From: the account service, 23 Nov 2026" in driven.text
            await driven.keys("escape", "3", "c", "v")
            assert "From:" not in driven.text  # a certificate is made now and kept nowhere


def origin(way: str, imported: str = "", at: str = "2026-11-02T23:30:00+00:00") -> Any:
    return {"way": way, "import": imported, "at": at}


def test_each_way_has_its_words_and_what_an_older_version_kept_says_so() -> None:
    said = {}
    for lang in ("en", "fr"):
        i18n.set_lang(lang)
        ways = [came_from([origin(way)]) for way in ("sync", "recording", "statement", "file", "hand")]
        assert len(set(ways)) == 5
        six = [origin("file", f"{n}" * 9) for n in range(6)]
        said[lang] = [came_from([origin("statement", at="")]), came_from(six)]
        assert came_from([]) == ""
    i18n.set_lang(None)
    assert said["en"][0] == "statement, before origins were kept"
    assert said["fr"][0] == "relevé, avant que la provenance soit gardée"
    assert said["en"][1].endswith("(import 33333333), 2 Nov 2026; 2 more")


def plain(row: str) -> str:
    """What stands in a row between borders."""
    return row.strip("┃│ ▄▁▂▃▅▆▇█").strip()


def joined(text: str) -> str:
    """The text without borders, its wrapped lines made one."""
    return " ".join(" ".join(plain(part) for part in row.replace("│┃", "┃┃").split("┃┃")) for row in text.splitlines())
