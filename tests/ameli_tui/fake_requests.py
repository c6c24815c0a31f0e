"""What a person asks for, in the stand-in agent: the real declarations and checks, requests kept in a list."""

from datetime import date, datetime, timedelta
from typing import Any

from agent.assistant import ask
from agent.assistant.answer import read, subjects
from agent.assistant.glossary import look_up, terms_in
from agent.assistant.referrals import call_shape
from agent.procedures.by_hand import copied, place_of, steps
from agent.procedures.describe import head, question, whole
from agent.procedures.inbox.topics import answer_to
from agent.procedures.model import World
from agent.procedures.newcomer.questions import EVERYBODY, QUESTIONS, SITUATION, read_answers, the_way
from agent.procedures.registry import procedure, procedures
from agent.procedures.summary import notes, summary
from agent.procedures.validation import check

TODAY = date(2026, 11, 23)
WORLD = World(TODAY, {"name": "CAMILLE DURAND", "birth_date": "1985-05-02", "beneficiaries": [
    {"name": "CAMILLE DURAND", "birth_date": "1985-05-02"}, {"name": "NOE DURAND", "birth_date": "2019-03-04"}]})
_NOW = datetime(2026, 11, 23, 10, 0)
_AT = "2026-11-20T09:00:00+00:00"


def make_request(key: str, name: str, status: str, **more: Any) -> dict[str, Any]:
    """A request as the agent keeps it."""
    return {
        "id": key, "procedure": name, "status": status, "reference": None, "key": key, "declared_on": None,
        "answers": {}, "papers": [], "adding": [], "withdrawing": False, "needs": [], "stage": None, "stages": [],
        "decision": None, "created_at": _AT, "sent_at": None, "by_hand": False, "maybe": [], "moved_by": [],
        "history": [{"at": _AT, "status": status, "text_fr": "Brouillon gardé.", "text_en": "Draft kept."}], **more}


class FakeRequests:
    """Requests, papers and messages."""

    def __init__(self) -> None:
        self.world = WORLD
        self.requests: list[dict[str, Any]] = []
        self.written: list[dict[str, Any]] = []
        self.loose: dict[str, dict[str, Any]] = {}
        self.inbox: list[dict[str, Any]] = []
        """The messages among which the answers to those written are."""
        self.told: dict[str, Any] = {}
        """What a newcomer told."""
        self.submits: str | None = None
        """``handoff``: nothing is taken from a program."""

    def _submits(self, name: str) -> str:
        return self.submits or procedure(name).submits

    def deadlines(self) -> list[dict[str, Any]]:
        """Of every paper asked for."""
        found = []
        for one in self.requests:
            for need in one["needs"]:
                left = (date.fromisoformat(need["until"]) - TODAY).days
                found.append({"id": f"{one['id']}:{need['paper']}", "due": need["until"], "days_left": left,
                              "kind": "duty", "source": "", "action": {"request": one["id"]},
                              "title_fr": f"Pièce à envoyer : {need['label_fr']}",
                              "title_en": f"Paper to send: {need['label_en']}"})
        return sorted(found, key=lambda one: str(one["due"]))

    def get(self, path: str, query: dict[str, str]) -> Any:
        """The answer of a GET, or None when the path is about something else. Raises KeyError."""
        at = path.split("/")[2:]
        if at == ["procedures"]:
            return [head(one, self._submits(one.name)) for one in procedures().values()]
        if at[0] == "procedures":
            return whole(procedure(at[1]), self._submits(at[1]), self.world)
        if at == ["requests"]:
            if query.get("kind") == "message":
                return [{**one, "answered": answer_to(one, self.inbox)} for one in self.written]
            return self.requests
        if at[0] == "requests" and at[-1] == "hand-over":
            return self._brought(self._one(at[1]), query)
        if at[0] == "requests":
            return self._shown(self._one(at[1]))
        if at == ["deadlines"]:
            return self.deadlines()
        if at == ["guide"]:
            lang: Any = query.get("lang", "fr")
            if subject := query.get("subject"):
                return {"intent": subject, "text": read(subject, lang, TODAY)}
            return subjects(lang)
        if at == ["newcomer"]:
            return self._newcomer()
        if at == ["glossary"]:
            found = terms_in(query["in"]) if "in" in query else look_up(query.get("q", ""))
            return [one.shape() for one in found]
        return None

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The answer of a POST, or None. Raises KeyError."""
        at = path.split("/")[2:]
        if at == ["ask"]:
            return ask(body["question"], None, _NOW, None).shape()
        if at == ["newcomer"]:
            found, wrong = read_answers(body["told"], self.world)
            if wrong:
                return {"errors": wrong}
            self.told = found
            return {"errors": [], **self._newcomer()}
        if at == ["papers"]:
            return self._take(body)
        if at == ["messages"]:
            one = make_request(f"w{len(self.written)}", "message", "sent", reference="MSG-1", answers=body)
            self.written.append(one)
            return self._brief(one)
        if at[0] == "procedures" and at[-1] == "check":
            return self._checked(at[1], body)
        if at[0] == "procedures":
            return self._start(at[1], body)
        if at[0] == "requests" and len(at) == 3:
            return self._act(self._one(at[1]), at[2], body)
        return None

    def _newcomer(self) -> dict[str, Any]:
        asked = [SITUATION, *(one for stage in QUESTIONS.values() for one in stage)]
        return {"told": self.told, "questions": [question(one, self.world) for one in asked],
                "path": the_way(self.told, self.world), "everybody": list(EVERYBODY),
                "lines": [call_shape(name, _NOW) for name in ("english", "fund")]}

    def _one(self, key: str) -> dict[str, Any]:
        for one in (*self.requests, *self.written):
            if one["id"] == key:
                return one
        raise KeyError("not_found")

    def _shown(self, one: dict[str, Any]) -> dict[str, Any]:
        if one["procedure"] == "message":
            return one
        asked = procedure(one["procedure"])
        found = check(asked, one["answers"], [paper["name"] for paper in one["papers"]], self.world)
        return {**one, "title_fr": asked.title.fr, "title_en": asked.title.en, "page": asked.page, "deadlines": [],
                "summary": summary(asked, found.values),
                "notes": notes(asked, found.values, self.world) if found.ok else [],
                "next_steps": [{"text_fr": step.fr, "text_en": step.en} for step in asked.next_steps],
                "fallbacks": [{"text_fr": step.fr, "text_en": step.en} for step in asked.fallbacks]}

    def _brought(self, one: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
        asked = procedure(one["procedure"])
        values = check(asked, one["answers"], [], self.world).values
        listed = copied(asked, values)
        if "field" in query:
            return {"field": query["field"], "value": next(
                each.value for each in listed if each.field == query["field"])}
        place = place_of(asked, values, self.world)
        return {**self._brief(one), "by_hand": True, "sent_at": None, "copies": [each.json() for each in listed],
                "place": {"kind": place.kind, "url": place.url, "name_fr": place.name.fr, "name_en": place.name.en},
                "steps": [{"text_fr": step.fr, "text_en": step.en} for step in steps(place, bool(one["papers"]))],
                "papers": [paper["filename"] for paper in one["papers"]]}

    def _checked(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        asked = procedure(name)
        found = check(asked, body["answers"], body["papers"], self.world)
        return {"errors": [one.json() for one in found.errors], "asked": list(found.asked),
                "ignored": list(found.ignored), "summary": summary(asked, found.values),
                "notes": notes(asked, found.values, self.world) if found.answered else []}

    def _take(self, query: dict[str, Any]) -> dict[str, Any]:
        if not str(query["filename"]).endswith((".pdf", ".png", ".jpg")):
            raise KeyError("bad_paper")
        kept = {"id": f"f{len(self.loose)}", "name": query["paper"], "filename": query["filename"], "size": 12}
        self.loose[kept["id"]] = kept
        return {**kept, "pages": 1, "width": 0, "height": 0, "photo": None, "notes": []}

    def _start(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        assert body["draft"], "the screens keep a draft first, then send it"
        if key := body.get("request"):
            one = self._one(key)
        else:
            one = make_request(f"q{len(self.requests)}", name, "draft")
            self.requests.insert(0, one)
        one["answers"] = body["answers"]
        one["papers"] = [*one["papers"], *(self.loose.pop(key) for key in body["papers"])]
        return {**self._brief(one), "to_correct": []}

    def _act(self, one: dict[str, Any], action: str, body: dict[str, Any]) -> dict[str, Any]:
        after = {"send": "ready" if self._submits(one["procedure"]) == "handoff" else "sent", "cancel": "cancelled",
                 "complete": "sent", "handed-over": "handed_over", "message": "sent"}[action]
        if action == "message":
            one["maybe"] = []
        if action == "send" and one["status"] != "draft":
            raise KeyError("not_now")
        if action == "cancel" and one["status"] == "draft":
            self.requests.remove(one)
        if action == "complete":
            one["papers"] = [*one["papers"], *(self.loose.pop(key) for key in body["papers"])]
            one["needs"] = []
        if after == "sent":
            one["reference"] = "D-2026-0001"
        one["status"] = after
        one["history"] = [*one["history"], {
            "at": _AT, "status": after, "text_fr": f"Noté : {after}.", "text_en": f"Noted: {after}."}]
        return self._brief(one)

    def _brief(self, one: dict[str, Any]) -> dict[str, Any]:
        return {"request": one["id"], "status": one["status"], "reference": one["reference"], "page": None,
                "waiting": False, "decision": None, "problem": None, "notes": [], "ignored": []}


def asked_for_papers() -> dict[str, Any]:
    """A request whose papers are wanted within twelve days."""
    return make_request("q-card", "carte-vitale-order", "needs_papers", reference="D-2026-0042", sent_at=_AT, needs=[
        {"paper": "identity", "label_fr": "Pièce d'identité", "label_en": "Identity document",
         "until": (TODAY + timedelta(days=12)).isoformat()}])
