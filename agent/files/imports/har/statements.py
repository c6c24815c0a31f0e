"""Monthly statements: the list names the month of each, the answers hold the PDFs."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import msgspec

from agent.files.formats.har import Entry
from agent.files.formats.pdf_damage import is_damaged_pdf
from agent.files.imports.har.model import Found, Statement
from agent.files.imports.har.urls import asked
from agent.portal.errors import PortalChanged
from agent.portal.http.client import Reply
from agent.portal.pages.parsing import month_number
from agent.portal.pages.selectors import STATEMENTS_REST
from agent.portal.pages.statements import PAGE, read_months, read_pdf
from agent.portal.types import StatementRef
from config.json_value import JsonValue

_TYPE = "ReleveSoinsIJ"
_NAMED = re.compile(r"relev[eé]mensuel[_ -]?([^\W\d_]{3,9})[_ -]?(\d{4})", re.IGNORECASE)


class Statements:
    """Collects the answers, then gives each PDF its month."""

    def __init__(self, recorded: Found) -> None:
        self._found = recorded
        self._refs: dict[str, StatementRef] = {}
        self._pdfs: list[tuple[str, str | None, bytes]] = []
        """Token, month if the file's name says it, bytes."""

    def home(self, entry: Entry, reply: Reply) -> None:
        """Take in a list of months. Raises PortalChanged."""
        for refs in read_months(_json(reply))[0].values():
            self._refs |= {ref.token: ref for ref in refs}

    def document(self, entry: Entry, reply: Reply) -> None:
        """Take in a statement of the sub-app. Raises PortalChanged."""
        answer = _json(reply)
        data = read_pdf(answer)
        if is_damaged_pdf(data):
            self._found.damaged += 1
            return
        token = unquote(urlsplit(entry.url).path.removeprefix(f"{STATEMENTS_REST}/pdf/"))
        name = str(answer.get("nom", "")) if isinstance(answer, dict) else ""
        self._pdfs.append((token, _month_in(name), data))

    def file(self, entry: Entry, reply: Reply) -> None:
        """Take in a statement of the older page. Raises PortalChanged."""
        if not reply.body.startswith(b"%PDF-"):
            raise PortalChanged(page=PAGE, missing="contenu PDF")
        searched = asked(entry.url)[1].get("PDF.moisRecherche", "")
        month = searched[2:] + searched[:2] if re.fullmatch(r"(0[1-9]|1[0-2])[12]\d{3}", searched) else None
        self._pdfs.append(("", month or _month_in(entry.headers.get("content-disposition", "")), reply.body))

    def put_together(self) -> None:
        """Fill ``found.statements``, and ``found.papers`` with those of an unknown month."""
        placed: dict[tuple[str, str, int], Statement] = {}
        for token, month, data in self._pdfs:
            ref = self._refs.get(token)
            if ref is None and month is not None:
                ref = StatementRef(month=month, object_type=_TYPE, rank=0, token="")
            if ref is None:
                self._found.papers.append(data)
            else:
                placed[ref.month, ref.object_type, ref.rank] = Statement(ref, data)
        self._found.statements = list(placed.values())


def _json(reply: Reply) -> JsonValue:
    try:
        answer: JsonValue = msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PortalChanged(page=PAGE, missing="réponse JSON entière") from None
    return answer


def _month_in(name: str) -> str | None:
    """``YYYYMM`` from ``ReleveMensuelJuin2026.pdf``."""
    named = _NAMED.search(name)
    number = month_number(named[1]) if named else None
    return f"{named[2]}{number:02d}" if named and number and 1900 < int(named[2]) < 2200 else None
