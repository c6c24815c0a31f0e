"""What a file would bring, told before it counts: as the import then does it, and without a trace."""

import json
from pathlib import Path

import pytest

from agent.files.imports import Desk, take_file
from agent.files.imports.preview import preview_file
from agent.money import Money
from agent.protocol.files import Preview
from agent.store import Store
from tests.agent.bench import TODAY, Clock
from tests.agent.files.formats.bank.files import boursobank, ofx_old
from tests.agent.files.imports.test_bank_file import moves
from tests.agent.files.imports.test_said_columns import SAID, unproven
from tests.agent.store.helpers import new_vault


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(new_vault(tmp_path / "vault"), today=lambda: TODAY)


def desk(store: Store, columns: str = "") -> Desk:
    return Desk(store, Money(store, today=lambda: TODAY), Clock(), columns=columns)


async def preview(store: Store, data: bytes, columns: str = "") -> Preview:
    return await preview_file(desk(store, columns), "bank", data)


def roles(shown: Preview) -> dict[int, str]:
    assert shown["table"] is not None
    return {one["at"]: one["role"] for one in shown["table"]["columns"] if one["role"]}


@pytest.mark.parametrize("write", [ofx_old, boursobank])
async def test_a_preview_says_what_the_import_does_and_leaves_nothing(store: Store, write) -> None:  # type: ignore[no-untyped-def]
    data = write(moves())
    shown = await preview(store, data)
    assert (store.bank.credits(), store.bank.ranges(), store.imports.newest(9)) == ([], {}, [])
    taken = (await take_file(desk(store), "bank", data)).shape()
    assert {**taken, "id": ""} == {key: shown[key] for key in taken}  # type: ignore[literal-required]
    assert shown["covered"] == [{"since": "2026-10-20", "until": "2026-11-20"}]
    assert [(one["on"], one["amount"]) for one in shown["credits"]] == [("2026-10-20", "17.50")]
    assert (await preview(store, data))["known"] == 1


async def test_the_columns_are_shown_with_how_they_are_known(store: Store) -> None:
    shown = await preview(store, boursobank(moves()))
    assert shown["table"] is not None and shown["table"]["how"] == "heads"
    assert roles(shown) == {1: "day", 3: "label", 7: "amount"}
    assert [one["row"] for one in shown["table"]["rows"]] == [2, 3, 4]


async def test_columns_that_are_asked_about_are_shown_with_their_numbers(store: Store) -> None:
    data = unproven().encode()
    asked = await preview(store, data)
    assert asked["problem"] is not None and asked["problem"]["code"] == "bank_columns_asked"
    assert asked["table"] is not None and asked["table"]["how"] == ""
    assert asked["table"]["columns"][3] == {"at": 4, "head": "Raha", "role": ""}
    said = await preview(store, data, SAID)
    assert (said["problem"], said["new"], roles(said)) == (None, 2, {1: "day", 3: "label", 4: "amount"})
    assert store.bank_forms.known() == {}, "nothing is kept of an answer that was only tried"


async def test_any_text_in_columns_can_be_looked_at_and_nothing_else(store: Store) -> None:
    shown = await preview(store, b"a;b;c\n1;2;3\n")
    assert shown["kind"] == "unknown" and shown["table"] is not None
    assert [row["cells"] for row in shown["table"]["rows"]] == [["1", "2", "3"]]
    for data in (b"", b"\x00\x01;;;", json.dumps({"a": "b;c;d"}).encode(), b"words alone\n"):
        assert (await preview(store, data))["table"] is None
