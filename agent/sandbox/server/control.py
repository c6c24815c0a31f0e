"""The side that the real service lacks: mails sent, options, faults, sessions to end. Never faulty itself."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated, TypedDict

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agent.errors import AmeliError
from agent.sandbox.model import CareLine, NothingHappens, SandboxMessage, SandboxPayment
from agent.sandbox.server.faults import Faults
from agent.sandbox.server.options import OptionValue
from agent.sandbox.server.state import Account, Service
from config.json_value import JsonObject


class NewPayment(msgspec.Struct):
    """A payment that is to arrive."""

    amount: Decimal
    label: str = "Remboursement de soins"
    nature: str = "REMBOURSEMENT_SOINS"


class NewMessage(msgspec.Struct):
    """A message that is to arrive; from the fund unless it says from whom."""

    subject: str
    body: str = ""
    sender: str | None = None


_Number = Annotated[int, msgspec.Meta(ge=0, le=1_000)]


class News(msgspec.Struct, forbid_unknown_fields=True):
    """How much is to happen."""

    payments: _Number = 0
    messages: _Number = 0


class NewDay(msgspec.Struct):
    """The day that it is to be."""

    today: date


class State(TypedDict):
    """What the stand-in does now."""

    options: dict[str, OptionValue]
    faults: str
    today: str
    sessions: int
    held_up: int
    """Requests that wait out a latency."""


async def mails(service: Service, request: Request) -> Response:
    """``GET``: the mails sent, newest last; one-time codes have theirs in ``code``. ``DELETE`` empties the box."""
    if request.method == "DELETE":
        service.mails.clear()
    return JSONResponse([asdict(mail) for mail in service.mails])


async def show(service: Service, faults: Faults) -> State:
    """What the stand-in does now: options, faults, its day, its open sessions, requests it keeps waiting."""
    return {"options": asdict(service.options), "faults": faults.spec, "today": service.today().isoformat(),
            "sessions": len(service.sessions), "held_up": faults.held_up}


async def options(service: Service, faults: Faults, request: Request) -> Response:
    """``GET``: options and faults. ``POST`` a JSON object: options by name, and ``faults`` as a specification.

    An unknown name or value changes nothing and answers 400.
    """
    if request.method == "POST":
        try:
            changes = msgspec.json.decode(await request.body(), type=JsonObject)
        except msgspec.DecodeError:
            return JSONResponse({"error": "a JSON object is expected"}, status_code=400)
        spec = changes.pop("faults", None)
        try:
            fresh = Faults.parse(str(spec), faults.seed) if spec is not None else None
            service.options.update(changes)
        except AmeliError as error:
            return JSONResponse(error.problem(), status_code=400)
        if fresh is not None:
            faults.replace(fresh)
    return JSONResponse(await show(service, faults))


async def pay(service: Service, request: Request) -> Response:
    """``POST {"amount": "17.50", "label"?, "nature"?}``: a payment arrives today, for one visit of the insured."""
    try:
        new = msgspec.json.decode(await request.body(), type=NewPayment)
        amount, today = new.amount.quantize(Decimal("0.01")), service.today()
        if not amount.is_finite():
            raise ValueError(amount)
        line = CareLine(service.household.persons[0], "C GENERALISTE", "G", today, amount, amount, 100, amount)
        service.history.append(SandboxPayment(today, new.nature, new.label, amount, lines=[line]))
    except (ArithmeticError, ValueError):
        return JSONResponse({"error": "amount is expected, and no payment later than today"}, status_code=400)
    return JSONResponse({"payments": len(service.history)})


async def write(service: Service, request: Request) -> Response:
    """``POST {"subject", "body"?, "sender"?}``: a message arrives in the inbox today."""
    try:
        new = msgspec.json.decode(await request.body(), type=NewMessage)
    except msgspec.DecodeError:
        new = NewMessage("")
    if not new.subject:
        return JSONResponse({"error": "subject is expected"}, status_code=400)
    inbox = service.household.messages
    sender = service.household.cpam if new.sender is None else new.sender
    inbox.append(SandboxMessage(f"N-{len(inbox) + 1:04d}", service.today(), sender, new.subject, new.body))
    return JSONResponse({"messages": len(inbox)})


async def news(service: Service, request: Request) -> Response:
    """``POST {"payments"?: n, "messages"?: n}``, 0 to 1,000 each: that much happens today, as life went so far.

    Answers what it made. Anything else changes nothing and answers 400 with the reason.
    """
    try:
        wanted = msgspec.json.decode(await request.body(), type=News)
    except msgspec.DecodeError as error:
        return JSONResponse({"error": f"payments and messages, 0 to 1000 each, are expected: {error}"}, status_code=400)
    life, inbox, today = service.household.news, service.household.messages, service.today()
    if life is None:
        return JSONResponse({"error": "nothing more happens on an account written by hand"}, status_code=400)
    if wanted.payments and not service.history.takes(today):
        return JSONResponse({"error": "a payment is known that is later than today"}, status_code=400)
    try:
        payments = life.payments(wanted.payments, today)
    except NothingHappens:
        return JSONResponse({"error": f"no care can be billed on {today}"}, status_code=400)
    messages = life.messages(wanted.messages, today, [message.id for message in inbox])
    for payment in payments:
        service.history.append(payment)
    inbox.extend(messages)
    return JSONResponse({"payments": len(payments), "messages": len(messages)})


async def expire(service: Service, request: Request) -> Response:
    """Every session ends at once; ``?trust=1`` forgets the trusted devices too."""
    service.end_sessions()
    if request.query_params.get("trust"):
        service.trusted.clear()
    return JSONResponse({"sessions": 0})


async def unlock(service: Service, request: Request) -> Response:
    """The account's counters start again: not locked, no code asked for."""
    service.account = Account()
    return JSONResponse({"locked": False})


async def move_day(service: Service, request: Request) -> Response:
    """``POST {"today": "YYYY-MM-DD"}``: the service lives on that day from now on."""
    try:
        day = msgspec.json.decode(await request.body(), type=NewDay).today
    except msgspec.DecodeError:
        return JSONResponse({"error": "today: YYYY-MM-DD is expected"}, status_code=400)
    service.today = lambda: day
    return JSONResponse({"today": day.isoformat()})
