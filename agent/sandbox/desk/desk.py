"""The desk: takes requests once, moves them with the days, writes to the person, and does what was granted."""

from collections.abc import Iterable
from datetime import date, timedelta

from agent.sandbox.desk import letters
from agent.sandbox.desk.bodies import Received
from agent.sandbox.desk.c2s_ceilings import Verdict
from agent.sandbox.desk.catalogue import MATTERS
from agent.sandbox.desk.delays import published
from agent.sandbox.desk.effects import carry_out, verdict_on
from agent.sandbox.desk.model import (
    Decision,
    DeskState,
    Filed,
    Joined,
    Letter,
    Need,
    Passed,
    Question,
    Submission,
)
from agent.sandbox.desk.persistence import Drawer
from agent.sandbox.desk.requirements import Matter, Piece, Step
from agent.sandbox.model import Household, SandboxMessage
from config.json_value import JsonObject

_HOURS = 24


class Desk:
    """Requests and messages of one account. Every change is kept by ``drawer`` before the call returns."""

    def __init__(self, household: Household, drawer: Drawer) -> None:
        self.household, self.drawer = household, drawer
        kept = drawer.read()
        self.requests = {filed.key: filed for filed in kept.requests}
        self.questions = {question.key: question for question in kept.questions}
        self.cancelled, self.arrivals, self._count = kept.cancelled, kept.arrivals, kept.count
        self._letters: list[Letter] = []
        for letter in kept.letters:
            self._deliver(letter)
        for filed in self.requests.values():
            if filed.effective:
                carry_out(filed, household)

    # What arrives

    def note(self, what: str, how: str) -> None:
        """Count one arrival."""
        counts = self.arrivals.setdefault(what, {})
        counts[how] = counts.get(how, 0) + 1
        self._keep()

    def file(self, key: str, sent: Submission, today: date) -> Filed:
        """Take a request that passed the checks."""
        reference = self._reference(today)
        first = MATTERS[sent.procedure].steps[0]
        filed = Filed(
            key, reference, sent.procedure, sent.declared_on, sent.answers, sent.papers, sent.body,
            {"reference": reference, "status": "received", "stage": first.name},
            counted_from=today, stages=[Passed(first.name, first.label, today)],
        )
        self.requests[key] = filed
        self._write(today, *letters.acknowledgement(filed, matter_of(filed)))
        if filed.procedure == "supporting-document":
            self._complete_named(filed, today)
        self._keep()
        return filed

    def _complete_named(self, document: Filed, today: date) -> None:
        """A document that names the reference of a file that waits completes it, paper by paper."""
        named = str(document.answers.get("reference") or "").strip().upper()
        waiting = next((one for one in self.requests.values()
                        if one.reference == named and one.status == "needs_papers"), None)
        if waiting is not None:
            for need, paper in zip(list(waiting.needs), document.papers, strict=False):
                self.complete(waiting, Joined(need.paper, paper.sha256, paper.filename, paper.media_type), today)

    def ask(self, key: str, body: JsonObject, today: date) -> Question:
        """Take a message to an adviser."""
        reference = self._reference(today)
        question = Question(key, reference, str(body["subject"]), str(body.get("theme") or ""), body,
                            {"reference": reference}, today)
        self.questions[key] = question
        self._write(today, *letters.message_taken(question))
        self._keep()
        return question

    def complete(self, filed: Filed, paper: Joined, today: date) -> None:
        """Add a paper to a request; when it was the last one missing, the file goes on."""
        if paper not in filed.papers:
            filed.papers.append(paper)
        filed.needs = [one for one in filed.needs if one.paper != paper.name]
        if filed.status == "needs_papers" and not filed.needs:
            filed.status = "received"
            filed.counted_from = today - timedelta(days=_position(filed).days)
            self._write(today, *letters.papers_received(filed, matter_of(filed)))
        self._keep()

    def cancel(self, filed: Filed, today: date) -> None:
        """Take a request back: it is gone, and its key is used up."""
        del self.requests[filed.key]
        self.cancelled[filed.key] = filed.reference
        self._write(today, *letters.cancelled(filed, matter_of(filed)))
        self._keep()

    def void(self, key: str) -> None:
        """Nothing came under that key and nothing shall: it was taken back before it arrived."""
        self.cancelled.setdefault(key, "")
        self._keep()

    # What the days do

    def advance(self, today: date) -> None:
        """Bring everything to that day, each event on its own day."""
        moved = [self._advance(filed, today) for filed in self.requests.values()]
        for question in self.questions.values():
            on = question.on + timedelta(days=published("adviser_reply", question.on) // _HOURS)
            if not question.answered and on <= today:
                question.answered = True
                self._write(on, *letters.adviser_answers(question))
                moved.append(True)
        if any(moved):
            self._keep()

    def _advance(self, filed: Filed, today: date) -> bool:
        moved = False
        while filed.status != "refused":
            if filed.status == "needs_papers":
                until = max(one.until for one in filed.needs)
                if today > until:
                    self._end(filed, letters.too_late(until), until + timedelta(days=1))
                    moved = True
                break
            step = _following(filed)
            if step is None or filed.counted_from + timedelta(days=step.days) > today:
                break
            on, moved = filed.counted_from + timedelta(days=step.days), True
            missing = self._missing(filed)
            if filed.decision is None and missing:
                self._want(filed, missing, on)
            elif step.accepts and filed.procedure == "c2s" and self._verdict(filed).given == "none":
                self._end(filed, self._verdict(filed).words(), on)
            else:
                self._reach(filed, step, on)
        return moved

    def _verdict(self, filed: Filed) -> Verdict:
        return verdict_on(filed, self.household)

    def _missing(self, filed: Filed) -> list[Piece]:
        have = {one.name for one in filed.papers} | set(filed.asked)
        return [one for one in matter_of(filed).wanted(filed.answers, "checking") if one.name not in have]

    # What can be made to happen

    def want(self, filed: Filed, names: Iterable[str], today: date) -> None:
        """Ask for papers today."""
        self._want(filed, [matter_of(filed).piece(name) for name in names], today)
        self._keep()

    def refuse(self, filed: Filed, reason: str, today: date) -> None:
        """Say no today."""
        self._end(filed, reason, today)
        self._keep()

    def bring_to(self, filed: Filed, stage: str, today: date) -> None:
        """Reach that stage today, and those before it. Raises KeyError when it does not lie ahead."""
        ahead = [step.name for step in _ahead(filed)]
        if stage not in ahead:
            raise KeyError(stage)
        filed.needs, filed.status = [], "accepted" if filed.decision else "received"
        for step in _ahead(filed)[:ahead.index(stage) + 1]:
            self._reach(filed, step, today)
        filed.counted_from = today - timedelta(days=_position(filed).days)
        self._keep()

    def accept(self, filed: Filed, today: date) -> None:
        """Say yes today. Raises KeyError when it was said before."""
        step = next((one for one in _ahead(filed) if one.accepts), None)
        if step is None:
            raise KeyError("accept")
        self.bring_to(filed, step.name, today)

    # Inside

    def _want(self, filed: Filed, pieces: list[Piece], on: date) -> None:
        until = on + timedelta(days=published("complete_file", on))
        filed.needs = [Need(one.name, one.label, until) for one in pieces]
        filed.asked += [one.name for one in pieces]
        filed.status = "needs_papers"
        self._write(on, *letters.papers_wanted(filed, matter_of(filed), filed.needs))

    def _reach(self, filed: Filed, step: Step, on: date) -> None:
        filed.stages.append(Passed(step.name, step.label, on))
        if step.accepts:
            verdict = self._verdict(filed) if filed.procedure == "c2s" else None
            reason = verdict.words() if verdict and verdict.given != "none" else ""
            filed.status, filed.decision = "accepted", Decision(True, reason, on)
            filed.effective = True
            carry_out(filed, self.household)
            self._write(on, *letters.accepted(filed, matter_of(filed)))
        elif not step.silent:
            self._write(on, *letters.step_reached(filed, matter_of(filed), step))

    def _end(self, filed: Filed, reason: str, on: date) -> None:
        filed.status, filed.decision, filed.needs = "refused", Decision(False, reason, on), []
        self._write(on, *letters.refused(filed, matter_of(filed), reason, published("c2s_appeal", on)))

    def _reference(self, today: date) -> str:
        self._count += 1
        return f"D{today:%y%j}{self._count:05d}"

    def _write(self, on: date, subject: str, body: str) -> None:
        self._deliver(Letter(f"D{len(self._letters) + 1:05d}", on, self.household.cpam, subject, body))

    def _deliver(self, letter: Letter) -> None:
        self._letters.append(letter)
        self.household.messages.append(
            SandboxMessage(letter.id, letter.on, letter.sender, letter.subject, letter.body))

    def _keep(self) -> None:
        self.drawer.write(DeskState(
            nir=self.household.nir, count=self._count, arrivals=self.arrivals, cancelled=self.cancelled,
            requests=list(self.requests.values()), questions=list(self.questions.values()), letters=self._letters,
        ))

    def received(self) -> Received:
        """Everything that came, for tests to look at."""
        return {
            "requests": [{**one.shown(), "answers": one.answers,
                          "papers": [{"name": paper.name, "sha256": paper.sha256, "filename": paper.filename,
                                      "media_type": paper.media_type} for paper in one.papers]}
                         for one in self.requests.values()],
            "messages": [{"key": one.key, "reference": one.reference, "subject": one.subject, "theme": one.theme,
                          "body": str(one.body.get("body", "")), "on": one.on.isoformat(), "answered": one.answered}
                         for one in self.questions.values()],
            "cancelled": dict(self.cancelled),
            "arrivals": {what: dict(counts) for what, counts in self.arrivals.items()},
        }


def matter_of(filed: Filed) -> Matter:
    """What a request is about."""
    return MATTERS[filed.procedure]


def _position(filed: Filed) -> Step:
    return next(step for step in matter_of(filed).steps if step.name == filed.stage)


def _ahead(filed: Filed) -> list[Step]:
    steps = matter_of(filed).steps
    return list(steps[steps.index(_position(filed)) + 1:])


def _following(filed: Filed) -> Step | None:
    return next(iter(_ahead(filed)), None)
