"""The inbox, kept: once read from the service a message stays, whatever the service does with it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from hashlib import blake2b
from typing import NotRequired

from agent.account import Message, clean_text
from agent.protocol.messages import KeptHead, KeptMessage
from agent.protocol.origins import RecordOrigin
from agent.store import origins
from agent.store.errors import NotFound
from agent.store.interfaces import Keeper, Table
from agent.store.search_text import day_words, words
from config.fold import fold


def message_ids(heads: Iterable[tuple[date, str, str]]) -> list[str]:
    """Stable ids of (day, sender, subject), listed newest first: equals are ranked from the oldest on."""
    listed = list(heads)
    seen: Counter[tuple[date, str, str]] = Counter()
    ids = []
    for head in reversed(listed):
        received_on, sender, subject = head
        key = f"{received_on.isoformat()}|{sender}|{subject}|{seen[head]}"
        ids.append("m" + blake2b(key.encode(), digest_size=8).hexdigest())
        seen[head] += 1
    return ids[::-1]


class MessageClaim(origins.Claim):
    """That a source showed a message."""

    files: list[str]
    """Ids of the files that it gave."""
    total: int
    """How many files the message has."""
    body: NotRequired[str]
    """Absent: as it is shown."""


class MessageRecord(KeptMessage):
    """A message, kept under its id."""

    ref: str
    """Another name to know it by; empty without."""
    partial: NotRequired[bool]
    """One of its files is missing."""
    claims: NotRequired[list[MessageClaim]]
    """Absent in what older versions wrote."""


class Inbox:
    """The messages of one vault."""

    def __init__(self, vault: Keeper) -> None:
        self.table: Table[MessageRecord] = vault.db.table("messages")

    def add(self, message: Message, claim: origins.Claim, *, ref: str = "", total: int = 0) -> bool:
        """Keep a message that a source showed; True when it was not known. What was read here stays read.

        ``message.attachments`` are the ids of the files it gave, of ``total`` that there are. ``ref`` is another name
        to know it by, see ``known``. Call inside a step of the store.
        """
        before = self.table.fetch(message.id)
        files = list(message.attachments)
        mine: MessageClaim = {**claim, "files": files, "total": max(total, len(files)),
                              "body": clean_text(message.body)}
        others = []
        for earlier in _claims(before):
            if (earlier["way"], earlier["source"]) != (mine["way"], mine["source"]):
                others.append(earlier)
            elif {**earlier, "at": ""} == {**mine, "at": ""}:
                mine["at"] = min(earlier["at"], mine["at"])
            elif earlier["at"] > mine["at"]:
                mine = earlier
        head: MessageRecord = {
            "id": message.id, "received_on": message.received_on.isoformat(), "sender": clean_text(message.sender, 300),
            "subject": clean_text(message.subject, 500), "body": "",
            "read": message.read or bool(before and before["read"]), "attachments": [],
            "ref": max(ref, before["ref"] if before else ""),
        }
        record = _shown(head, [*others, mine])
        if record != before:
            self.table.put(message.id, record)
        return before is None

    def withdraw(self, source: str) -> list[KeptHead]:
        """Take back the messages that an import showed; those that nothing else did."""
        gone = []
        for key, record in list(self.table.items()):
            left = [one for one in _claims(record) if not origins.imported_by(one["source"], source)]
            if len(left) == len(_claims(record)) or not source:
                continue
            if left:
                self.table.put(key, _shown(record, left))
            else:
                gone.append(_head(record))
                self.table.drop(key)
        return gone

    def origins(self, key: str) -> list[RecordOrigin]:
        """The ways a message came, the best first. Raises NotFound."""
        record = self.table.fetch(key)
        if record is None:
            raise NotFound(id=key)
        return [origins.origin(claim) for claim in _claims(record)]

    def known(self) -> tuple[set[str], set[str]]:
        """Ids of the messages kept whole, and their other names."""
        named = self.named()
        return {key for key, _ in named}, {ref for _, ref in named if ref}

    def named(self) -> list[tuple[str, str]]:
        """Id and other name (may be empty) of each message kept whole."""
        return [(key, record["ref"]) for key, record in self.table.items() if not record.get("partial")]

    def get(self, key: str) -> KeptMessage:
        """One message with its text. Raises NotFound."""
        record = self.table.fetch(key)
        if record is None:
            raise NotFound(id=key)
        return _shape(record)

    def all(self) -> list[KeptMessage]:
        """Every message with its text, newest first."""
        return sorted((_shape(record) for _, record in self.table.items()), key=_newest, reverse=True)

    def found(self, search: str) -> list[KeptMessage]:
        """The messages that hold each word of ``search``, whatever its case and accents, newest first; all without."""
        wanted = words(search)
        return [message for message in self.all() if not wanted or _holds(message, wanted)]

    def heads(self, limit: int) -> list[KeptHead]:
        """The newest messages without their text."""
        return [_head(message) for message in self.all()[:limit]]

    def unread(self) -> int:
        """How many were never opened here."""
        return sum(1 for _, record in self.table.items() if not record["read"])

    def mark_read(self, key: str) -> None:
        """Note that the person opened a message. Raises NotFound."""
        record = self.table.fetch(key)
        if record is None:
            raise NotFound(id=key)
        if not record["read"]:
            self.table.put(key, {**record, "read": True})


def _claims(record: MessageRecord | None) -> list[MessageClaim]:
    """What sources showed, from a record, with the text of each."""
    if record is None:
        return []
    kept = record.get("claims")
    if kept is None:  # of an older version
        files = record["attachments"]
        return [{"way": "sync", "source": "", "at": "", "files": files, "body": record["body"],
                 "total": len(files) + bool(record.get("partial"))}]
    return [{**claim, "body": claim.get("body", record["body"])} for claim in kept]


def _shown(head: MessageRecord, claims: list[MessageClaim]) -> MessageRecord:
    """The text of the best source, and the files of all."""
    kept = sorted(claims, key=_order)
    files = sorted({file for claim in kept for file in claim["files"]}, key=_place)
    body = kept[0].get("body", head["body"])
    record: MessageRecord = {**head, "body": body, "attachments": files, "claims": []}
    for claim in kept:
        bare = claim.copy()
        if bare.get("body") == body:
            del bare["body"]
        record["claims"].append(bare)
    record.pop("partial", None)
    if len(files) < max(claim["total"] for claim in kept):
        record["partial"] = True
    return record


def _order(claim: MessageClaim) -> tuple[object, ...]:
    return origins.quality(claim["way"]), origins.newest_first(claim["at"]), claim["source"]


def _place(file: str) -> tuple[int, str]:
    """Files of a message are numbered at the end of their ids."""
    number = file.rpartition("-")[2]
    return int(number) if number.isdigit() else 0, file


def _head(record: KeptMessage) -> KeptHead:
    return {"id": record["id"], "received_on": record["received_on"], "sender": record["sender"],
            "subject": record["subject"], "read": record["read"], "attachments": record["attachments"]}


def _shape(record: MessageRecord) -> KeptMessage:
    return {"id": record["id"], "received_on": record["received_on"], "sender": record["sender"],
            "subject": record["subject"], "body": record["body"], "read": record["read"],
            "attachments": record["attachments"]}


def _holds(record: KeptMessage, wanted: list[str]) -> bool:
    text = " ".join((day_words(date.fromisoformat(record["received_on"])), fold(record["sender"]),
                     fold(record["subject"]), fold(record["body"])))
    return all(word in text for word in wanted)


def _newest(record: KeptMessage) -> tuple[str, str]:
    return (record["received_on"], record["id"])
