"""A stand-in agent whose service has changed two pages."""

from typing import Any

from agent.core.page_report import findings
from tests.ameli_tui.fake_agent import FakeAgent

CHANGES: list[dict[str, Any]] = [
    {"page": "messages reçus", "name": "inbox", "page_en": "inbox", "missing": "tableau des messages",
     "expected": ["#tableauMessagesRecus"], "status": 200, "gone": ["#tableauMessagesRecus"], "new": ["#listeMessages"],
     "known_good": "2026-11-20", "since": "2026-11-22T08:05:00+00:00", "last": "2026-11-23T08:05:00+00:00", "count": 3,
     "size": 2448, "kind": "html", "sample": True},
    {"page": "relevés mensuels", "name": "statements", "page_en": "monthly statements",
     "missing": "rubriquesMensuelles", "expected": ["rubriquesMensuelles"], "status": 404, "gone": [], "new": [],
     "known_good": None, "since": "2026-11-23T08:05:00+00:00", "last": "2026-11-23T08:05:00+00:00", "count": 1,
     "size": 0, "kind": None, "sample": False},
]
WELL = [
    {"name": "vault", "ok": True, "text": {"fr": "le coffre est ouvert", "en": "the vault is open"}, "cure": {}},
    {"name": "agent_disk", "ok": False,
     "text": {"fr": "60 Mio libres pour le coffre", "en": "60 MiB free for the vault"},
     "cure": {"fr": "Libérez de la place.", "en": "Free some space."}},
    {"name": "clock", "ok": True, "text": {"fr": "l'horloge indique 2026-11-23 14:00 UTC",
                                           "en": "the clock says 2026-11-23 14:00 UTC"}, "cure": {}},
]
SAMPLE = {"listeMessages": [{"objet": "XXXXX"}]}


class ChangedAgent(FakeAgent):
    """It tells of them in its status and in its examination."""

    changes = CHANGES

    def status(self) -> dict[str, Any]:
        return {**super().status(), "changed": [{"fr": one["page"], "en": one["page_en"]} for one in self.changes]}

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> Any:
        if path == "/v1/doctor":
            return [*WELL, *findings(self.changes)]
        if path == "/v1/changes/inbox/sample":
            return SAMPLE
        return super().answer(method, path, query, body)
