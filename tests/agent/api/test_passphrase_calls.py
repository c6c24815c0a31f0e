"""Passphrases through the agent's calls, and vaults whose passphrase an earlier version changed on its way."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.vault import Vault
from tests.agent.processes import CHEAP, Served, served
from tests.thoroughness import one_in

PHRASE = "cheval juste pile agrafe"


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        yield one


def keep(agent: Served, kept: str) -> None:
    """A vault whose passphrase was kept as given, the way earlier versions kept whatever reached them."""
    vault, _code = Vault.create(
        agent.agent.paths.vault, kept, kdf_cost=CHEAP, high_water=agent.agent.paths.high_water)
    vault.lock()



@pytest.mark.parametrize("end", one_in(2, ["\r", "\r\n", "\n\n", "\u2028"]), ids=ascii)
async def test_a_vault_set_up_with_a_line_end_opens_with_the_typed_phrase(agent: Served, end: str) -> None:
    await agent.post("/v1/setup", {"passphrase": PHRASE + end})
    for typed in (PHRASE, PHRASE + "\r", "\n" + PHRASE + "\r\n"):
        await agent.post("/v1/lock")
        assert await agent.post("/v1/unlock", {"passphrase": typed}) == {"state": "unlocked"}


async def test_a_changed_passphrase_follows_the_same_rule(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PHRASE})
    for sign in ("\t", "\ufffd", "\u200b", "\r", "\ue000"):
        refused = await agent.refused("/v1/passphrase", {"old": PHRASE, "new": f"une autre{sign}phrase"})
        assert (refused.code, refused.exit_code) == ("untypable_passphrase", 1)
    await agent.post("/v1/passphrase", {"old": PHRASE + "\r", "new": "une autre phrase\r"})
    await agent.post("/v1/lock")
    assert (await agent.refused("/v1/unlock", {"passphrase": PHRASE})).code == "wrong_passphrase"
    await agent.post("/v1/unlock", {"passphrase": "une autre phrase"})


async def test_nothing_is_made_of_a_passphrase_that_cannot_be_typed(agent: Served) -> None:
    refused = await agent.refused("/v1/setup", {"passphrase": "cheval\tjuste pile"})
    assert refused.code == "untypable_passphrase"
    assert (await agent.get("/v1/health"))["state"] == "setup"


_EARLIER = {
    "a carriage return became U+FFFD": (PHRASE + "\ufffd", PHRASE),
    "the same, pasted once more": (PHRASE + "\ufffd", PHRASE + "\r"),
    "a tab became spaces": ("cheval\tjuste".expandtabs(4), "cheval\tjuste"),
    "a tab became three spaces": ("c   juste pile", "c\tjuste pile"),
    "tab and carriage return": ("cheval\tjuste\tpile".expandtabs(4) + "\ufffd", "cheval\tjuste\tpile"),
    "a row of a table, typed with spaces": ("a\tbcd\tef".expandtabs(4) + "\ufffd", "a bcd ef"),
    "cells of a table, typed with spaces": ("a\tbcd\tef".expandtabs(4), "a bcd ef"),
    "a tab at the end": ("cheval" + "  ", "cheval"),
    "several lines": ("cheval\ufffdjuste pile", "cheval\rjuste pile"),
    "several lines that ended in line feeds": ("cheval juste pile", "cheval\njuste pile"),
    "a file kept to its last sign": (PHRASE + "\u2028", PHRASE + "\u2028"),
    "a call kept to its last sign": (PHRASE + "\r\n", PHRASE + "\r\n"),
}


@pytest.mark.parametrize(("kept", "meant"), _EARLIER.values(), ids=_EARLIER.keys())
async def test_an_earlier_vault_opens_with_the_phrase_that_was_meant(agent: Served, kept: str, meant: str) -> None:
    keep(agent, kept)
    answer = await agent.post("/v1/unlock", {"passphrase": meant})
    assert answer["state"] == "unlocked"
    assert "ameli passphrase change" in answer["note"]["fr"] and "ameli passphrase change" in answer["note"]["en"]
    assert agent.time.slept == []


@pytest.mark.parametrize("kept", ["my\town phrase", PHRASE + "\ufffd", "\u200bcheval juste"], ids=ascii)
async def test_an_earlier_vault_still_opens_with_what_it_was_made_with(agent: Served, kept: str) -> None:
    keep(agent, kept)
    assert await agent.post("/v1/unlock", {"passphrase": kept}) == {"state": "unlocked"}


async def test_an_earlier_vault_is_mended_by_giving_the_same_phrase_again(agent: Served) -> None:
    keep(agent, PHRASE + "\ufffd")
    assert "note" in await agent.post("/v1/unlock", {"passphrase": PHRASE})
    await agent.post("/v1/recovery", {"passphrase": PHRASE})
    await agent.post("/v1/passphrase", {"old": PHRASE, "new": PHRASE})
    await agent.post("/v1/lock")
    assert await agent.post("/v1/unlock", {"passphrase": PHRASE}) == {"state": "unlocked"}


async def test_a_wrong_phrase_is_one_failure_after_four_derivations_at_most(
    agent: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent.vault import header

    await agent.post("/v1/setup", {"passphrase": PHRASE})
    await agent.post("/v1/lock")
    tried: list[bytes] = []
    stretch = header.stretch
    monkeypatch.setattr(header, "stretch", lambda secret, *rest: tried.append(secret) or stretch(secret, *rest))
    refused = await agent.refused("/v1/unlock", {"passphrase": "autre\tphrase entière\r\n"})
    assert refused.code == "wrong_passphrase"
    assert len(tried) == 4 and tried[0] == "autre\tphrase entière".encode()
    assert agent.time.slept == pytest.approx([0.1])
    tried.clear()
    await agent.post("/v1/unlock", {"passphrase": PHRASE})
    assert tried == [PHRASE.encode()]
