"""The list of documents says where each file is, and which statement was kept without being read."""

import pytest

from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import opened


@pytest.mark.parametrize("width", [80, 120])
async def test_a_statement_that_was_not_read_has_its_mark_in_full(width: int) -> None:
    fake = FakeAgent()
    fake.documents[1]["unread"] = True
    async with opened(fake, size=(width, 24)) as driven:
        await driven.keys("3")
        assert driven.text.count("! gardé, non lu") == 1
        assert driven.text.count("✓ gardé ici") == sum(bool(one["fetched"]) for one in fake.documents) - 1


async def test_without_such_a_statement_the_list_keeps_its_columns() -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await driven.keys("3")
        assert "!" not in driven.text
        assert "✓ kept here" in driven.text
