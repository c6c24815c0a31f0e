"""A small stand-in for the agent: the same calls over a unix socket, with data and moods a test can choose."""

import json
import queue
import socketserver
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from agent.procedures.inbox.topics import ASKING, about
from agent.protocol import PROTOCOL
from agent.protocol.account import Profile
from tests.agent.core.event_shapes import check_event
from tests.ameli_tui.fake_imports import ORIGINS, FakeImports, preview, taken
from tests.ameli_tui.fake_money import FakeMoney
from tests.ameli_tui.fake_requests import FakeRequests

PROBLEMS: dict[str, tuple[int, int, str, str]] = {
    "document_lost": (410, 1, "Ce document est perdu.", "This document is lost."),
    "locked": (423, 3, "Le coffre est verrouillé.", "The vault is locked."),
    "no_vault": (409, 3, "Il n'y a pas encore de coffre.", "There is no vault yet."),
    "wrong_passphrase": (403, 3, "Phrase secrète incorrecte.", "Wrong passphrase."),
    "wrong_recovery_code": (403, 3, "Code de secours incorrect.", "Wrong recovery code."),
    "vault_damaged": (500, 1, "Le coffre est abîmé : un journal.", "The vault is damaged: a journal."),
    "code_needed": (409, 5, "Un code vous a été envoyé.", "A code was sent to you."),
    "unreachable": (502, 4, "Le service est injoignable.", "The service cannot be reached."),
    "unknown_act": (422, 1, "Acte inconnu.", "Unknown act."),
    "base_needed": (422, 1, "Donnez la base.", "Give the base."),
    "bad_paper": (422, 1, "Ce type de fichier n'est pas accepté ici.", "This type of file is not accepted here."),
    "not_now": (409, 1, "Ce n'est plus possible.", "This is no longer possible."),
    "not_found": (404, 1, "Introuvable.", "Not found."),
}


PROFILE: Profile = {
    "nir": "2690549588157 80", "name": "Camille DURAND", "birth_date": None, "address": [], "phones": {}, "email": None,
    "cpam": None, "beneficiaries": [{"name": "Camille DURAND", "birth_date": None, "insured": True},
                                    {"name": "Noé DURAND", "birth_date": None, "insured": False}],
}


def make_rows(count: int) -> list[list[Any]]:
    """Payments as ``/v1/rows`` gives them: two a week, one in five to a third party."""
    from datetime import date, timedelta

    out: list[list[Any]] = []
    for at in range(count):
        tiers = at % 5 == 3
        day = (date(2026, 11, 20) - timedelta(days=3 * at % 20_000)).isoformat()
        own = "INDEMNITE_JOURNALIERE_ASSURE" if at % 11 == 7 else "REMBOURSEMENT_SOINS"
        kind = "PAIEMENT_A_UN_TIERS" if tiers else own
        label = ("Pharmacie du Marché", "Dr Élise MARTIN", "Laboratoire CERBA", "Centre dentaire")[at % 4]
        amount, who = f"{(at * 737) % 9000 / 100 + 1:.2f}", ("Camille DURAND", "Noé DURAND")[at % 3 == 2]
        out.append([f"p{at:06d}", day, kind, amount, "tiers" if tiers else "assure", label, who, f"d{at:06d}", ""])
    return out


class FakeAgent:
    """State of the stand-in. Change its fields at will; ``say`` sends an event to whoever listens."""

    def __init__(self, rows: int = 40, state: str = "unlocked") -> None:
        self.state = state
        self.passphrase = "une phrase de passe"
        self.recovery = "ABCDE-FGHIJ-KLMNO-PQRST"
        self.account = True
        self.ask_code = False
        self.watching = True
        self.watch: dict[str, Any] = {
            "allowed": "always", "sign_in": "never", "asked": True, "access": "session",
            "since": "2026-11-23T09:30:00+00:00", "reminders": False}
        """What it says of watching; access and since while it is locked only."""
        self.sealed = self.polls = 0
        self.need: dict[str, Any] | None = None
        """The problem that only a person can clear before it looks again."""
        self.refuse: dict[str, str] = {}
        """Path to the code of the problem it answers with."""
        self.protocol = PROTOCOL
        self.delay: dict[str, float] = {}
        """Path to seconds before the answer."""
        self.rows = make_rows(rows)
        self.money = FakeMoney()
        self.asked = FakeRequests()
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.document_data = b"%PDF-1.4 not much\n"
        self.needs: list[dict[str, Any]] = []
        self.problems: list[dict[str, Any]] = []
        self.runs: list[dict[str, Any]] = [{
            "started": "2026-11-23T08:05:00+00:00", "seconds": 12.5, "requests": 41,
            "new": {"payments": 2, "documents": 1, "messages": 0}, "problems": [], "trigger": "schedule"}] * 3
        self.messages = [
            {"id": f"m{at}", "received_on": f"2026-11-{20 - at:02d}", "sender": "CPAM du Val", "subject": subject,
             "body": f"Bonjour,\n\n{subject}.\n\nVotre caisse", "read": at > 1,
             "attachments": ["dm0"] if at == 0 else []}
            for at, subject in enumerate(("Votre attestation", "Un remboursement", "Rappel", "Bienvenue"))
        ]
        self.asked.inbox = self.messages
        self.imports = FakeImports()
        self.doubts: list[dict[str, Any]] = []
        """What another source says of every payment."""
        self.documents = [
            {"id": f"d{at:06d}", "kind": "releve_mensuel", "title": f"Relevé mensuel {10 - at}/2026",
             "date": f"2026-{10 - at:02d}-28", "filename": f"2026-{10 - at:02d}_releve-mensuel.pdf",
             "media_type": "application/pdf", "size": 31_200 + at, "fetched": at < 3, "payment": None, "message": None,
             "unread": False}
            for at in range(8)
        ] + [{"id": "dm0", "kind": "attachment", "title": "attestation.pdf", "date": "2026-11-20",
              "filename": "2026-11-20_piece-jointe.pdf", "media_type": "application/pdf", "size": 900, "fetched": True,
              "payment": None, "message": "m0", "unread": False}]
        self.ears: list[queue.Queue[bytes | None]] = []
        self._event = 0
        self._server: socketserver.ThreadingMixIn | None = None

    # -- life --------------------------------------------------------------------------------------------------------

    def serve(self, socket: Path) -> "FakeAgent":
        """Answer on this socket until ``close``."""
        agent = self

        class Handler(_Handler):
            fake = agent

        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True
            request_queue_size = 64

        socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        server = Server(str(socket), Handler)
        self._server = server
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def close(self) -> None:
        """Stop answering; streams end."""
        self.cut()
        if self._server is not None:
            self._server.shutdown()  # type: ignore[attr-defined]
            self._server.server_close()  # type: ignore[attr-defined]

    def say(self, kind: str, **data: Any) -> None:
        """Send an event, as the agent would word it."""
        check_event(kind, data)
        self._event += 1
        text = f"id: {self._event}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode()
        for ear in self.ears:
            ear.put(text)

    @property
    def listeners(self) -> int:
        """How many listen to events."""
        return len(self.ears)

    def forget(self) -> None:
        """Hold nothing of the account any more, as after a stop or ``lock --all``."""
        self.watching = False
        self.watch = {**self.watch, "access": "none", "since": None}

    def cut(self) -> None:
        """End every stream of events, as an agent does that is replaced by another process."""
        for ear in self.ears:
            ear.put(None)

    # -- answers -----------------------------------------------------------------------------------------------------

    def status(self) -> dict[str, Any]:
        locked = self.state == "locked"
        return {"running": True, "pid": 4321, "version": "0.1.0", "locked": locked, "state": self.state,
                "last_sync": "2026-11-23T08:05:00+00:00",
                "next_sync": "2026-11-23T14:05:00+00:00" if self.watching else None,
                "portal": "https://assure.ameli.fr", "transport": "direct", "pending": 0, "syncing": False,
                "problems": [*self.problems, *([self.need] if self.need else ())],
                "watching": self.watching, "sealed": self.sealed if locked else 0, "polls_while_locked": self.polls,
                "needs": self.need["code"] if self.need else None,
                "watch": self.watch if locked else {**self.watch, "access": "none", "since": None},
                "lang": "fr", "account": self.account, "backup": {
                    "last": "2026-11-23T08:07:00+00:00", "path": "/srv/backups/ameli-0f3c2a91.backup",
                    "folder": "/srv/backups", "automatic": True, "failed": None}}

    def found(self, query: dict[str, str]) -> list[list[Any]]:
        words = query.get("search", "").lower().split()
        return [row for row in self.rows
                if all(word in f"{row[5]} {row[6]} {row[2]} {row[3]}".lower() for word in words)
                and (not query.get("since") or row[1] >= query["since"])
                and (not query.get("until") or row[1] <= query["until"])
                and (not query.get("kind") or row[2] == query["kind"])
                and (not query.get("beneficiary") or row[6] == query["beneficiary"])]

    def rows_answer(self, query: dict[str, str]) -> dict[str, Any]:
        found = self.found(query)
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 60))
        total = sum(float(row[3]) for row in found)
        tiers = sum(float(row[3]) for row in found if row[4] == "tiers")
        return {"total": len(found), "count_all": len(self.rows), "sum": f"{total:.2f}",
                "sum_assure": f"{total - tiers:.2f}", "sum_tiers": f"{tiers:.2f}",
                "rows": found[offset : offset + limit]}

    def months(self, query: dict[str, str]) -> list[list[Any]]:
        out: dict[str, list[Any]] = {}
        for row in self.found(query):
            month = out.setdefault(row[1][:7], [row[1][:7], 0.0, 0])
            month[1] += float(row[3])
            month[2] += 1
        return [[name, f"{amount:.2f}", count] for name, amount, count in sorted(out.values(), reverse=True)]

    def payment(self, key: str) -> dict[str, Any]:
        row = next((row for row in self.rows if row[0] == key), None)
        if row is None:
            raise KeyError("not_found")
        return {
            "id": key, "paid_on": row[1], "kind": row[2], "amount": row[3], "to": row[4], "label": row[5],
            "beneficiaries": [row[6]], "document": row[7], "complete": True, "indemnities": [],
            "lines": [{"id": key + "l0", "beneficiary": row[6], "act": "C GENERALISTE", "act_date": "2026-11-02",
                       "paid": "30.00", "base": "30.00", "rate": "70", "reimbursed": "21.00", "code": "G"}],
            "deductions": [{"id": key + "x0", "kind": "participation", "label": "Participation forfaitaire",
                            "act_date": "2026-11-02", "amount": "-2.00"}],
            "origins": ORIGINS, "doubts": self.doubts,
        }

    def inbox(self, query: dict[str, str]) -> list[dict[str, Any]]:
        told = [{**one, "about": about(one, self.asked.requests, one["body"])} for one in self.messages]
        if query.get("asking"):
            return [one for one in told if not one["read"] and (one["about"] or {}).get("kind") in ASKING]
        return told

    def home(self) -> dict[str, Any]:
        heads = [{**{name: value for name, value in one.items() if name != "body"}, "about": about(one, ())}
                 for one in self.messages[:4]]
        unread = sum(1 for one in self.messages if not one["read"])
        return {"payments": self.rows[:8], "unread": unread, "messages": heads, "needs": self.needs,
                "totals": {"month": "123.45", "year": "1234.56"}, "status": self.status()}

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> Any:
        """The JSON of one call. Raises KeyError with the code of a problem."""
        if path in self.refuse:
            raise KeyError(self.refuse[path])
        if method == "POST":
            return self._do(path, body)
        if path in ("/v1/health", "/v1/status"):
            return self.status()
        if path in ("/v1/glossary", "/v1/guide"):
            return self.asked.get(path, query)
        if self.state != "unlocked":
            raise KeyError("locked" if self.state == "locked" else "no_vault")
        if (told := self.money.get(path, query)) is not None or (told := self.asked.get(path, query)) is not None:
            return told
        head, _, key = path.rpartition("/")
        lists: dict[str, Callable[[], Any]] = {
            "/v1/home": self.home, "/v1/rows": lambda: self.rows_answer(query),
            "/v1/months": lambda: self.months(query),
            "/v1/facets": lambda: {"beneficiaries": ["Camille DURAND", "Noé DURAND"],
                                   "kinds": sorted({row[2] for row in self.rows}), "years": ["2026", "2025"]},
            "/v1/export/documents": lambda: {"documents": [{**one, "name": one["filename"]} for one in self.documents]},
            "/v1/documents": lambda: self.documents, "/v1/messages": lambda: self.inbox(query),
            "/v1/runs": lambda: self.runs,
            "/v1/profile": lambda: PROFILE,
            "/v1/imports": lambda: self.imports.files[:int(query["limit"])],
            "/v1/logs": lambda: {"lines": ["08:05 sync done", "08:00 unlocked"]},
        }
        if path in lists:
            return lists[path]()
        if head == "/v1/payments":
            return self.payment(unquote(key))
        kept = {"/v1/messages": self.messages, "/v1/documents": self.documents}.get(head, [])
        for one in kept:
            if one["id"] == unquote(key):
                if head == "/v1/messages":
                    one["read"] = True
                    return {**one, "about": about(one, self.asked.requests, one["body"]), "origins": ORIGINS[:1]}
                return {**one, "origins": ORIGINS[:1] if one["fetched"] else []}
        raise KeyError("not_found")

    def _do(self, path: str, body: dict[str, Any]) -> Any:
        if path == "/v1/setup":
            self.passphrase, self.state = body["passphrase"], "unlocked"
            return {"recovery_code": self.recovery}
        if path == "/v1/unlock":
            if body.get("passphrase") != self.passphrase and body.get("recovery_code") != self.recovery:
                raise KeyError("wrong_recovery_code" if "recovery_code" in body else "wrong_passphrase")
            self.state = "unlocked"
            return {"state": "unlocked"}
        if path == "/v1/backups":
            return {"path": "/srv/backups/ameli-new.backup", "made": "2026-11-23T09:00:00+00:00", "bytes": 4096,
                    "documents": 3, "missing": 0, "unchanged": False}
        if path == "/v1/lock":
            self.state = "locked"
            if body.get("all"):
                self.forget()
            return {"state": "locked", "watching": False, "next_sync": None, "access": "none"}
        if (told := self.money.post(path, body)) is not None or (told := self.asked.post(path, body)) is not None:
            return told
        if path == "/v1/import":
            return taken(str(body["name"]), body.get("mine"))
        if path == "/v1/import/preview":
            return preview(str(body["name"]), str(body.get("columns", "")))
        if path == "/v1/imports/undo":
            return self.imports.take_back(body["id"])
        if path == "/v1/login":
            if self.ask_code and "otp" not in body:
                raise KeyError("code_needed")
            self.account = True
            return {"state": "signed_in"}
        return {"started": True} if path == "/v1/sync" else {}


class _Handler(BaseHTTPRequestHandler):
    fake: FakeAgent

    def do_GET(self) -> None:
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def _handle(self, method: str) -> None:
        target = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(target.query).items()}
        size = int(self.headers.get("content-length") or 0)
        raw = self.rfile.read(size)
        body = query if target.path in ("/v1/papers", "/v1/import", "/v1/import/preview") else json.loads(raw or b"{}")
        self.fake.calls.append((method, target.path, query | body))
        if target.path == "/v1/events":
            self._stream()
            return
        time.sleep(self.fake.delay.get(target.path, 0))
        try:
            if target.path in self.fake.refuse:
                raise KeyError(self.fake.refuse[target.path])
            files = ("/content", "/dossier", "/calendar", "/export")
            if target.path.endswith(files) or "/certificates/" in target.path:
                self._send(200, self.fake.document_data)
            else:
                self._send(200, json.dumps(self.fake.answer(method, target.path, query, body)).encode())
        except KeyError as refusal:
            status, code, fr, en = PROBLEMS[refusal.args[0]]
            texts = {"message": {"fr": fr, "en": en}, "hint": {"fr": "", "en": ""}}
            told = {"code": refusal.args[0], "exit": code, **texts}
            self._send(status, json.dumps(told).encode())

    def _send(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.send_header("x-agent-protocol", str(self.fake.protocol))
        try:
            self.end_headers()
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the screens were closed meanwhile

    def _stream(self) -> None:
        ear: queue.Queue[bytes | None] = queue.Queue()
        self.send_response(200)
        self.end_headers()
        self.fake.ears.append(ear)
        while (text := ear.get()) is not None:
            try:
                self.wfile.write(text)
                self.wfile.flush()
            except OSError:
                break
        self.fake.ears.remove(ear)

    def address_string(self) -> str:
        return "unix"

    def log_message(self, format: str, *args: Any) -> None:
        pass
