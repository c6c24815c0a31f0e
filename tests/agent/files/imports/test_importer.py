"""Files that hold nothing readable are told so, and the vault stays as it was."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.agent.processes import PASSPHRASE, Served, served


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one


async def bring(agent: Served, data: bytes, name: str = "file") -> Any:
    return await asyncio.to_thread(lambda: agent.client.upload("/v1/import", data, name=name))


@pytest.mark.parametrize(("data", "code"), [(b"", "empty_file"), (b"\x00\x01\x02", "unknown_file")])
async def test_a_file_that_is_nothing_known_is_told_and_nothing_is_kept(
    agent: Served, data: bytes, code: str
) -> None:
    taken = await bring(agent, data)
    assert (taken["kind"], taken["new"], taken["problem"]["code"]) == ("unknown", 0, code)
    assert await agent.get("/v1/payments") == [] and await agent.get("/v1/documents") == []


async def test_a_large_file_arrives_whole(agent: Served) -> None:
    taken = await bring(agent, b"\x00" * (60 << 20))
    assert taken["problem"]["code"] == "unknown_file"


def zipped(name: str, mimetype: str = "") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, "<workbook/>")
    return file.getvalue()


@pytest.mark.parametrize(("data", "form"), [
    (b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.02"></Document>', "camt.052"),
    (b":20:X\r\n:34F:EURD0,\r\n:13D:2602041200+0100\r\n", "MT942"), (zipped("Index/Document.iwa"), "Numbers"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "XLS"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
    (zipped("notes.txt"), None), (b"{\\rtf1 Relev\xe9}", "RTF"),
    (b"<html><body>camt</body></html>", None), (b":20: rendez-vous", None),
], ids=lambda value: f"{len(value)} bytes" if isinstance(value, bytes) else str(value))  # an archive holds its moment
async def test_a_bank_file_of_another_form_is_told_which_form_to_take(
    agent: Served, data: bytes, form: str | None
) -> None:
    taken = await bring(agent, data)
    assert (taken["new"], taken["problem"]["code"]) == (0, "unknown_file")
    if form is not None:
        assert form in taken["problem"]["message"]["fr"]
        assert all("OFX" in text and "CSV" in text for text in taken["problem"]["hint"].values())


@pytest.mark.parametrize(("data", "kind"), [
    (b"!Type:Bank\nD29/06/2026\nT-12,00\nPCARTE\n^\n", "qif"),
    (b"\xef\xbb\xbf!Account\nNCompte\n^\n!Type:Bank\n", "qif"),
    (b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"></Document>', "camt"),
    (b":20:X\r\n:25:30000/1\r\n:60F:C260201EUR1500,00\r\n:61:2602040204C8,80NTRF\r\n", "mt940"),
    (b"{1:F01X}{4:\n:20:X\n:25:30000/1\n", "mt940"), (zipped("xl/workbook.xml"), "workbook"),
    (zipped("content.xml", "application/vnd.oasis.opendocument.spreadsheet"), "workbook"),
], ids=lambda value: f"{len(value)} bytes" if isinstance(value, bytes) else str(value))
async def test_each_form_of_a_bank_file_has_its_reader(agent: Served, data: bytes, kind: str) -> None:
    taken = await bring(agent, data)
    assert (taken["kind"], taken["new"]) == (kind, 0)
