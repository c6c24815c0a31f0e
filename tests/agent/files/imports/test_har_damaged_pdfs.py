"""A document of a recording is kept only if it is whole, and a whole one comes in its place whenever it comes."""

import zlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from agent.files.formats.pdf_damage import is_damaged_pdf
from agent.sandbox.generator import make_household
from agent.sandbox.pdf.lazy import PdfPapers
from agent.store import Store
from tests.agent.bench import TODAY, Bench
from tests.agent.files.imports.test_har import bring, fresh
from tests.agent.files.imports.test_har_pieces import notes, page
from tests.agent.files.imports.test_har_twins import har, listed
from tests.recorder import REAL


@cache
def whole() -> bytes:
    house = make_household(1, TODAY, years=1)
    return PdfPapers().payment(house, house.payments[0])


def as_text(data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode()


DAMAGE = {
    "cut": lambda data: data[:len(data) // 2], "cut before its end": lambda data: data[:-7],
    "written as text": as_text, "its end alone is there": lambda data: b"%PDF-1.4 1 0 obj" + bytes(900) + b"%%EOF",
}


def recording(data: bytes, size: int | None = None) -> dict[str, Any]:
    document = page(f"{REAL}/PortailAS/PDFServletDetailPaiementRS.dopdf?idPaiement=TW0", "", "application/pdf")
    document["response"]["content"] = {
        "size": len(data) if size is None else size, "encoding": "base64", "text": b64encode(data).decode()}
    return har(listed("TW0"), document)


def kept(store: Store) -> list[bytes | None]:
    return [store.documents.content(one["id"]) for one in store.documents.all() if one["fetched"]]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize("damage", DAMAGE)
async def test_a_damaged_document_is_left_out_and_told_and_the_whole_one_is_kept(bench: Bench, damage: str) -> None:
    store, broken = fresh(bench), DAMAGE[damage](whole())
    taken = await bring(bench, store, recording(broken), mine=True)
    assert kept(store) == [] and "1 PDF that is damaged" in notes(taken)
    await bring(bench, store, recording(whole()), mine=True)
    assert kept(store) == [whole()]
    await bring(bench, store, recording(broken, len(broken) + 1), mine=True)
    assert kept(store) == [whole()]


async def test_in_one_recording_the_whole_one_counts_whichever_comes_last(bench: Bench) -> None:
    entries = [*recording(whole())["log"]["entries"], recording(whole()[:-100])["log"]["entries"][1]]
    for name, order in (("a", entries), ("b", [entries[0], entries[2], entries[1]])):
        store = fresh(bench, name)
        await bring(bench, store, har(*order), mine=True)
        assert kept(store) == [whole()]


async def test_less_than_the_browser_counted_is_no_document(bench: Bench) -> None:
    store = fresh(bench)
    taken = await bring(bench, store, recording(b"%PDF-1.4 x", 11), mine=True)
    assert kept(store) == [] and "answer without content" in notes(taken)


def test_a_whole_document_is_none_of_it_even_with_a_line_behind_its_end() -> None:
    assert not is_damaged_pdf(whole()) and not is_damaged_pdf(whole() + b"\r\n\0\0")
    packed = whole().replace(b"%%EOF", b"% " + zlib.compress(b"x") + b"\xef\xbf\xbd\n%%EOF")
    assert not is_damaged_pdf(packed)
