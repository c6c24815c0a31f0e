"""Somebody signed in who asks for things: bodies that the service takes, and the addresses it takes them at."""

import hashlib
from datetime import date, timedelta
from typing import Any

import httpx

from tests.agent.sandbox.household import TODAY
from tests.agent.sandbox.visitor import BASE, Visitor

DESK = f"{BASE}/PortailAS/demarches/v1"
CONTROL = f"{BASE}/_sandbox"
KEY = "5f0c1f1e-0000-4000-8000-000000000001"
IBAN = "FR1420041010050500013M02606"
PDF = b"%PDF-1.4 a paper"
JPEG = b"\xff\xd8\xff\xe0 a picture"
PNG = b"\x89PNG\r\n\x1a\n a picture"
C2S = {"kind": "first", "benefit": "none", "applicant": "CLAIRE MARTIN", "housing": "rent", "postcode": "78000",
       "lived_abroad": False, "manager": "cpam"}
"""Answers of a request for C2S; its tax notice may be missing."""
_TYPES = {PDF: "application/pdf", JPEG: "image/jpeg", PNG: "image/png"}


def bank(**answers: Any) -> dict[str, Any]:
    """A change of bank details; an answer of None is left out."""
    given = {"holder_is_me": True, "iban": IBAN, **answers}
    return asked("bank-details", {name: value for name, value in given.items() if value is not None})


def asked(procedure: str, answers: dict[str, Any], *papers: dict[str, str]) -> dict[str, Any]:
    """The body of a request."""
    return {"procedure": procedure, "declared_on": TODAY.isoformat(), "answers": answers, "papers": list(papers)}


async def put(person: Visitor, path: str, body: object) -> httpx.Response:
    """PUT some JSON under the desk's address."""
    return await person.http.put(f"{DESK}/{path}", json=body)


async def deposit(person: Visitor, name: str, content: bytes = PDF) -> dict[str, str]:
    """Deposit a paper; returns how a request names it."""
    sha256 = hashlib.sha256(content).hexdigest()
    answer = await person.http.put(f"{DESK}/papers/{sha256}", content=content,
                                   headers={"content-type": _TYPES[content]})
    assert answer.status_code in (200, 201)
    return {"name": name, "sha256": sha256, "filename": f"{name}.pdf", "media_type": _TYPES[content]}


async def state(person: Visitor, key: str = KEY) -> dict[str, Any]:
    """Where a request stands."""
    answer = await person.get(f"{DESK}/requests/{key}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def days_pass(person: Visitor, days: int, since: date = TODAY) -> None:
    """The service's day becomes that many days after ``since``."""
    await person.post(f"{CONTROL}/today", json={"today": (since + timedelta(days=days)).isoformat()})


async def control(person: Visitor, **what: Any) -> httpx.Response:
    """Make something happen to a request."""
    return await person.post(f"{CONTROL}/requests", json={"key": KEY, **what})


def letters(person: Visitor) -> list[str]:
    """Subjects of what the service wrote, oldest first."""
    return [one.subject for one in person.sandbox.service.household.messages if one.id.startswith("D")]


async def card_order(person: Visitor) -> dict[str, Any]:
    """An order of a health card with its papers."""
    return asked("carte-vitale-order", {"person": "TOM MARTIN"}, await deposit(person, "photo", JPEG),
                 await deposit(person, "identity"))
