"""The inbox, kept: once read from the service a message stays, whatever the service does with it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from hashlib import blake2b
from typing import NotRequired

from agent.account import Message, clean_text
from agent.protocol.messages import KeptHead, KeptMessage
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


class MessageRecord(KeptMessage):
    """A message, kept under its id."""

    ref: str
    """Another name to know it by; empty without."""
    partial: NotRequired[bool]
    """One of its files is missing."""


class Inbox:
    """The messages of one vault."""

    def __init__(self, vault: Keeper) -> None:
        self.table: Table[MessageRecord] = vault.db.table("messages")

    def save(self, message: Message, ref: str = "", *, whole: bool = True) -> bool:
        """Keep a message under its id; True when it was not known. What was read here stays read.

        ``ref`` is another name to know it by, see ``known``. ``whole`` is False when one of its files is missing.
        """
        known = self.table.fetch(message.id)
        record: MessageRecord = {
            "id": message.id, "received_on": message.received_on.isoformat(), "sender": clean_text(message.sender, 300),
            "subject": clean_text(message.subject, 500), "body": clean_text(message.body),
            "read": message.read or bool(known and known["read"]), "attachments": list(message.attachments),
            "ref": ref or (known["ref"] if known else ""),
        }
        if not whole:
            record["partial"] = True
        if record != known:
            self.table.put(message.id, record)
        return known is None

    def known(self) -> tuple[set[str], set[str]]:
        """Ids of the messages kept whole, and their other names."""
        kept = [(key, record) for key, record in self.table.items() if not record.get("partial")]
        return {key for key, _ in kept}, {record["ref"] for _, record in kept if record["ref"]}

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
        return [{"id": one["id"], "received_on": one["received_on"], "sender": one["sender"], "subject": one["subject"],
                 "read": one["read"], "attachments": one["attachments"]} for one in self.all()[:limit]]

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
