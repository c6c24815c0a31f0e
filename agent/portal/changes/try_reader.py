"""Try a page's reader on a file: ``python -m agent.portal.changes.try_reader PAGE FILE``.

For whoever mends a reader after the service changed a page: FILE is a sample (``ameli doctor --sample``, or a page
saved with a browser). Told are each expectation of ``expectations.py`` with the selector that finds it, whether the
page reads, and how much it gives. What the page says is never printed, so that the output can be shared too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from agent.errors import AmeliError
from agent.portal.changes.page_outline import outline
from agent.portal.errors import PortalChanged
from agent.portal.http.client import Reply
from agent.portal.http.csrf import read_token
from agent.portal.pages.html import parse
from agent.portal.pages.inbox import read_inbox, read_message
from agent.portal.pages.payment_detail import read_detail
from agent.portal.pages.payments import read_list, read_window
from agent.portal.pages.profile import read_profile
from agent.portal.pages.selectors import PAGES, AttestationPage, LoginPage, LogoutPage, Need
from agent.portal.pages.statements import read_months, read_pdf
from agent.portal.sign_in import Form
from config.json_value import JsonValue

_USAGE = f"usage: python -m agent.portal.changes.try_reader PAGE FILE\nPAGE: {', '.join(PAGES)}\n"
_WIDTH = 34


def main(arguments: list[str]) -> int:
    """Tell how a file reads as a page. Returns 0 when it does, 1 when it does not, 2 for wrong usage."""
    if len(arguments) != 2 or arguments[0] not in PAGES:
        sys.stderr.write(_USAGE)
        return 2
    name, path = arguments[0], Path(arguments[1])
    try:
        data = path.read_bytes()
    except OSError as error:
        sys.stderr.write(f"{path}: {error.strerror}\n")
        return 2
    lines, read = trial(name, data)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if read else 1


def trial(name: str, data: bytes) -> tuple[list[str], bool]:
    """What is found of a page's expectations, and whether it reads as the page called ``name`` (a key of ``PAGES``)."""
    page, holder = PAGES[name]
    reply = reply_of(data)
    lines = [f"{name}: {page} (class {holder.__name__} in agent/portal/pages/selectors.py)", "", "expected"]
    lines += _needs(holder, reply)
    try:
        lines += ["", f"reads: {READERS[name](reply)}"]
        read = True
    except PortalChanged as error:
        lines += ["", f"does not read: {error.missing}"]
        read = False
    except AmeliError as error:
        lines += ["", f"does not read: {error.code}"]
        read = False
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        lines += ["", "does not read: no JSON"]
        read = False
    if not read:
        lines += ["", "names of its parts", *(f"  {one}" for one in sorted(outline(reply)))]
    return lines, read


def reply_of(data: bytes) -> Reply:
    """A file as the service would have answered with it."""
    head = data.lstrip()[:1]
    kind = "application/json" if head in (b"{", b"[") else "text/html; charset=utf-8" if head == b"<" else "text/plain"
    return Reply(200, "https://assure.ameli.fr/PortailAS/", {"content-type": kind}, data)


def _needs(holder: type, reply: Reply) -> list[str]:
    """Each expectation: by which selector it is found, and how often."""
    tree = parse(reply.text)
    lines = []
    for part in vars(holder).values():
        if not isinstance(part, Need):
            continue
        match = next(((one, len(tree.css(one))) for one in part.selectors if tree.css_first(one) is not None), None)
        where = f"{match[0]}  × {match[1]}" if match else f"not found: {', '.join(part.selectors)}"
        lines.append(f"  {'ok' if match else '--'}  {part.name:<{_WIDTH}}  {where}")
    return lines or ["  (keys of JSON, see the class)"]


def _count(what: str, items: Iterable[object]) -> str:
    return f"{sum(1 for _ in items)} {what}"


def _detail(reply: Reply) -> str:
    detail = read_detail(reply.text, "p")
    counts = [_count("lines", detail.lines), _count("deductions", detail.deductions),
              _count("periods", detail.indemnities)]
    if detail.missing:
        raise PortalChanged(page=PAGES["payment-detail"][0], missing=detail.missing[0])
    return ", ".join(counts) + ("" if detail.total == detail.amount else "; they do not make the amount in the heading")


def _months(reply: Reply) -> str:
    months, kept = read_months(_json(reply))
    return f"{len(months)} months, {sum(map(len, months.values()))} statements, kept for {kept or '?'} months"


def _pdf(reply: Reply) -> str:
    return f"a PDF of {len(read_pdf(_json(reply)))} bytes"


def _message(reply: Reply) -> str:
    page = read_message(reply)
    return f"{len(page.body)} characters, {len(page.links)} attachments, {'a' if page.form is not None else 'no'} form"


def _sign_in(reply: Reply) -> str:
    form = Form(reply)
    LoginPage.form.require(parse(reply.text), LoginPage.page)
    fields = form.fields()
    return f"a form of {len(fields)} fields, number and password among them: {len(form.pair_names()) == 2}"


def _one(need: Need, page: str) -> Callable[[Reply], str]:
    """For pages of which a single part matters."""
    def read(reply: Reply) -> str:
        need.require(parse(reply.text), page)
        return need.name

    return read


def _json(reply: Reply) -> JsonValue:
    value: JsonValue = msgspec.json.decode(reply.body)
    return value


def _window(reply: Reply) -> str:
    oldest, newest = read_window(parse(reply.text))
    return f"a window of {(newest - oldest).days} days"


READERS: dict[str, Callable[[Reply], str]] = {
    "sign-in": _sign_in,
    "token": lambda reply: f"a token of {len(read_token(reply))} signs",
    "payments": _window,
    "payment-list": lambda reply: _count("payments", read_list(reply)),
    "payment-detail": _detail,
    "statements": _months,
    "statement-file": _pdf,
    "inbox": lambda reply: _count("messages", read_inbox(parse(reply.text))),
    "message": _message,
    "profile": lambda reply: _count("persons", read_profile(parse(reply.text)).beneficiaries),
    "attestation": _one(AttestationPage.people, AttestationPage.page),
    "certificates": lambda reply: f"a file of {len(reply.body)} bytes",
    "procedures": lambda reply: f"an answer in JSON, {type(_json(reply)).__name__}",
    "sign-out": _one(LogoutPage.done, LogoutPage.page),
}
"""How each page of ``PAGES`` is read, told in counts."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
