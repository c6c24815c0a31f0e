"""What the client's methods send is what the agent's calls declare to take: no path and no field drifts apart."""

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

import msgspec
import pytest

from agent.api.handlers import account, requests, vault
from agent.api.handlers.call import Body, Call, FileBody, Query
from agent.api.parameters import Given
from agent.api.routes import CALLS
from agent.client import api, api_requests
from agent.client.call import Call as Sent
from agent.protocol.account import SignIn
from agent.protocol.procedures import CheckBody, StartBody
from agent.protocol.requests import MessageBody
from agent.protocol.vault import OpeningKeys

METHODS = {name: method for module in (api, api_requests)
           for name, method in inspect.getmembers(module, inspect.isfunction)
           if method.__module__ == module.__name__ and not name.startswith("_")}
DUMMIES = {"bytes": b"x", "int": 1, "bool": True, "Data": b"x"}
PAPERS = {"procedure": "p", "request": "q"}
FILTERS = {"since": "2026-01-01", "until": "2026-02-01", "year": 2026, "beneficiary": "x", "lang": "en"}
CHOSEN = {"since": "2026-01-01", "until": "2026-02-01", "year": 2026, "beneficiary": "x"}
OPEN = {"take_paper": PAPERS, "export": FILTERS, "export_documents": FILTERS, "certificate": CHOSEN}
"""What callers give to the methods that pass on any parameter."""


def given_to(name: str, method: Callable[..., Any]) -> tuple[list[Any], dict[str, Any]]:
    """Something for each parameter of a method."""
    args: list[Any] = []
    named: dict[str, Any] = dict(OPEN.get(name, {}))
    for parameter in inspect.signature(method).parameters.values():
        kind = str(parameter.annotation).split(" | ")[0]
        dummy = DUMMIES.get(kind, {} if kind[0].isupper() or kind.startswith("dict") else "x")
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and parameter.name != "deadline":
            named[parameter.name] = dummy
        elif parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and parameter.name != "deadline":
            args.append(dummy)
        elif parameter.name == "deadline" and parameter.default is inspect.Parameter.empty:
            named["deadline"] = 1.0
    return args, named


def made(name: str) -> Sent[Any]:
    """The call that a method makes."""
    args, named = given_to(name, METHODS[name])
    call: Sent[Any] = METHODS[name](*args, **named)
    return call


def taken_by(sent: Sent[Any]) -> Call:
    """The agent's side of it."""
    parts = sent.path.split("/")
    return CALLS.get((sent.method, sent.path)) or CALLS[sent.method, "/".join([*parts[:3], "*", *parts[4:]])]


def fields(kind: type[Given]) -> set[str]:
    """Names of a Struct's fields, as they travel."""
    return {field.encode_name for field in msgspec.structs.fields(kind)}


@pytest.mark.parametrize("name", sorted(METHODS))
def test_what_a_method_sends_is_what_its_call_takes(name: str) -> None:
    sent = made(name)
    call = taken_by(sent)
    assert sent.body is None or isinstance(sent.body, dict)
    names = set(sent.query) | set(sent.body or {})
    if isinstance(call.read, Body | Query | FileBody):
        assert names <= fields(call.read.kind)
    elif sent.path != "/v1/coverage":  # what is told of a contract is read by who knows contracts
        assert not names


def test_every_call_has_a_method() -> None:
    reached = {id(taken_by(made(name))) for name in METHODS}
    missing = {key for key, call in CALLS.items() if id(call) not in reached}
    assert missing == {("GET", "/v1/events"), ("GET", "/v1/attestation")}  # a stream; older programs' certificate


@pytest.mark.parametrize(("sent", "taken"), [
    (SignIn, account.LoginBody), (OpeningKeys, vault.UnlockBody), (CheckBody, requests.AnswersBody),
    (StartBody, requests.StartBody), (MessageBody, requests.MessageBody),
])
def test_a_body_has_the_same_fields_at_both_ends(sent: Any, taken: type[Given]) -> None:
    assert set(get_type_hints(sent)) == fields(taken)
