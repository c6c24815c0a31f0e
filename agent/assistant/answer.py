"""One question, one answer: an emergency first, then advice that only a doctor gives, the person's own data, the guide,
else who can help."""

from dataclasses import dataclass
from datetime import date, datetime

from agent.account import clean_text
from agent.assistant import health, personal_answers, referrals
from agent.assistant.account_view import Data
from agent.assistant.actions import action
from agent.assistant.guide import Topic, topics
from agent.assistant.matching import Match, matcher
from agent.assistant.stemming import Lang, fold, guess_language
from agent.protocol.assistant import Action, Source, Subject
from agent.protocol.assistant import Answer as Shape

SURE = 0.5
"""From this likeness on the answer is given as it is."""
PERHAPS = 0.32
"""From this likeness on the nearest subject is answered, with the others it may have been."""
_LONGEST = 500
_BY_WORDS = 0.45
"""How sure it is that advice about health is asked for: told by words, not by likeness to a subject."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, why, and what can be done next."""

    text: str
    intent: str
    """A subject of the guide, ``medical``, ``emergency`` or ``unknown``."""
    confidence: float
    sources: tuple[Source, ...]
    actions: tuple[Action, ...]
    near: tuple[Subject, ...] = ()
    """Other subjects it may have been."""

    def shape(self) -> Shape:
        """The contract's JSON."""
        return {
            "answer": self.text, "intent": self.intent, "confidence": self.confidence, "sources": list(self.sources),
            "actions": list(self.actions), "near": list(self.near),
        }


def ask(question: str, data: Data | None, now: datetime, lang: Lang | None = None) -> Answer:
    """Answer a question in French or English.

    ``data``: the person's own, or None while the vault is locked; ``now``: local day and time, for opening hours;
    ``lang``: language of the answer, else that of the question.
    Raises what ``data`` raises.
    """
    question = clean_text(question)[:_LONGEST]
    spoken = guess_language(question)
    lang = lang or spoken
    if urgent := health.emergency(question):
        return Answer(referrals.urgent_text(urgent, lang), "emergency", 1.0, (), ())
    matches = _matches(question, spoken)
    ours = bool(matches) and matches[0].confidence >= SURE
    if health.asks_advice(question) or (not ours and health.tells_of_illness(question)):
        return Answer(referrals.urgent_text("medical", lang), "medical", _BY_WORDS, (), ())
    if not matches or matches[0].confidence < PERHAPS:
        return _unknown(question, matches, lang, now)
    best = matches[0]
    text = _text(best.topic, question, data, now, lang)
    near: tuple[Subject, ...] = ()
    if best.confidence < SURE:
        others = [match for match in matches[1:] if match.confidence >= PERHAPS * 0.8]
        near = tuple(_subject(match.topic, lang) for match in others)
        text = _hedge(best.topic, lang) + text
    return Answer(
        text, best.topic.id, best.confidence, _sources(best.topic, lang),
        tuple(action(name, lang) for name in best.topic.actions), near,
    )


def _matches(question: str, spoken: Lang) -> list[Match]:
    """Both languages are tried: short questions ("EHIC?", "C2S") do not tell theirs."""
    other: Lang = "en" if spoken == "fr" else "fr"
    first, second = matcher(spoken).best(question), matcher(other).best(question)
    if second and (not first or second[0].confidence > first[0].confidence + 0.1):
        return second
    return first


def _text(topic: Topic, question: str, data: Data | None, now: datetime, lang: Lang) -> str:
    guide = topic.text(lang, now.date()) if topic.say[lang] else ""
    if not topic.own:
        return guide
    if data is None:
        return "\n\n".join(filter(None, [personal_answers.locked(lang), guide]))
    return "\n\n".join(filter(None, [personal_answers.answer(topic.id, question, data, now.date(), lang), guide]))


def _hedge(topic: Topic, lang: Lang) -> str:
    title = topic.title[lang]
    return (f"Je ne suis pas sûr d'avoir compris ; voici ce que je sais sur « {title} ».\n\n" if lang == "fr"
            else f"I am not sure I understood; here is what I know about “{title}”.\n\n")


def _unknown(question: str, matches: list[Match], lang: Lang, now: datetime) -> Answer:
    near = tuple(_subject(match.topic, lang) for match in matches if match.confidence >= PERHAPS / 2)
    confidence = matches[0].confidence if matches else 0.0
    offers = (action("message", lang), action("guide", lang))
    return Answer(referrals.unknown_text(lang, now), "unknown", confidence, (), offers, near)


def _sources(topic: Topic, lang: Lang) -> tuple[Source, ...]:
    names = referrals.CERTAINTY[topic.certainty][lang]
    return tuple({"title": title, "date": topic.checked.isoformat(), "certainty": names} for title in topic.sources)


def _subject(topic: Topic, lang: Lang) -> Subject:
    return {"intent": topic.id, "title": topic.title[lang]}


def subjects(lang: Lang) -> list[Subject]:
    """Everything the guide knows, by title."""
    return sorted((_subject(topic, lang) for topic in topics().values()), key=lambda subject: fold(subject["title"]))


def read(intent: str, lang: Lang, today: date) -> str | None:
    """The guide's text on one subject, or None when there is no such subject."""
    topic = topics().get(intent)
    return topic.text(lang, today) if topic is not None else None
