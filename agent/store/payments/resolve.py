"""Which payments the words of all sources tell of, and what each payment is: pure, and the same in any order.

The payments of one day, amount and receiver are looked at together: they are told apart by the service's whole list
where there is one, else by their care.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from agent.account import payment_id
from agent.protocol.payments import CareLine, Receiver
from agent.store.origins import newest_first, quality
from agent.store.payments.claims import Claim, Content, PaymentRecord, keep_claims, made_label
from agent.store.payments.same_care import same_care

_RANKS = 64
"""Equal payments of one day whose place in the list is looked for."""


class Group(NamedTuple):
    """What equal payments have in common."""

    paid_on: str
    amount: str
    to: Receiver


@dataclass(slots=True)
class _Slot:
    """One payment, and the words that tell of it."""

    key: str
    claims: list[Claim]
    listed: bool
    """The service's whole list holds it."""
    rank: int = _RANKS
    sources: set[tuple[str, str]] = field(default_factory=set)
    """Sources that were given this payment for one they did not name."""

    def add(self, claim: Claim) -> None:
        self.claims.append(claim)
        self.sources.add((claim.way, claim.source))

    @property
    def detail(self) -> Claim:
        return _best(self.claims)


def resolve(group: Group, claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """The payments of a group by id, each with the words that tell of it. No two claims have one name."""
    ranked: defaultdict[str, list[Claim]] = defaultdict(list)
    loose = []
    for claim in claims:
        if claim.place is not None:
            ranked[claim.place].append(claim)
        else:
            loose.append(claim)
    slots = [_Slot(key, told, listed=True, rank=_rank(group, key, told)) for key, told in ranked.items()]
    slots.sort(key=lambda slot: (slot.rank, slot.key))
    left = sorted(loose, key=lambda claim: (quality(claim.way), claim.source, claim.number))
    while left:
        left = _place(slots, left)
        if left:  # one more payment where there is one; two sources that disagree are looked for last
            claim = next((claim for claim in left if not _disagreed(slots, claim)), left[0])
            slot = next(iter(_disagreed(slots, claim)), None)
            if slot is None:
                slot = _Slot(_fresh(group, claim.content["kind"], slots), [], listed=False)
                slots.append(slot)
            slot.add(claim)
            left.remove(claim)
    return {slot.key: sorted(slot.claims, key=_order) for slot in slots}


def shown(key: str, group: Group, claims: Sequence[Claim]) -> PaymentRecord:
    """A payment as it is kept: the best detail, the service's label, and what only others tell."""
    best = _best(claims) if len(claims) > 1 else claims[0]
    ordered = sorted(claims, key=_order) if len(claims) > 1 else claims
    label = next((one.content["label"] for one in ordered if one.content["label"]), "")
    kind = next((one.content["kind"] for one in claims if one.place is not None), best.content["kind"])
    record: PaymentRecord = {
        "paid_on": group.paid_on, "kind": kind, "amount": group.amount, "to": group.to,
        "label": label or made_label(kind),
        "beneficiaries": best.content["beneficiaries"],
        "document": any(one.content["document"] for one in claims),
        "complete": best.content["complete"],
    }
    content = best.content
    for other in ordered:
        if other is not best:
            content = _with_codes(content, other.content)
    if "lines" in content:
        record["lines"] = [{**line, "id": _absolute(key, line["id"])} for line in content["lines"]]
    if "deductions" in content:
        record["deductions"] = [{**one, "id": _absolute(key, one["id"])} for one in content["deductions"]]
    if "indemnities" in content:
        record["indemnities"] = content["indemnities"]
    if "reference" in content:
        record["reference"] = content["reference"]
    if best.place is None and (best.grade == 2 or best.way == "statement"):
        record["printed"] = True
    return keep_claims(key, record, ordered)


def disagreeing(claims: Sequence[Claim]) -> list[Claim]:
    """The whole words that say otherwise than the one shown."""
    best = _best(claims)
    return [one for one in sorted(claims, key=_order)
            if one is not best and one.grade == best.grade == 2 and not _agree(one.content, best.content)]


def _order(claim: Claim) -> tuple[object, ...]:
    return (quality(claim.way), newest_first(claim.at), claim.source, claim.place or "", claim.number)


def _best(claims: Sequence[Claim]) -> Claim:
    """The one whose detail is shown: the fullest, of those the best way, of those the newest."""
    return min(claims, key=lambda claim: (-claim.grade, claim.place is None, quality(claim.way),
                                          newest_first(claim.read_at), claim.source, claim.number))


def _rank(group: Group, key: str, claims: Sequence[Claim]) -> int:
    day, amount, kind = date.fromisoformat(group.paid_on), Decimal(group.amount), claims[0].content["kind"]
    return next((rank for rank in range(_RANKS) if payment_id(day, kind, amount, rank) == key), _RANKS)


def _fresh(group: Group, kind: str, slots: Sequence[_Slot]) -> str:
    """The id of one more payment of that kind."""
    taken = {slot.key for slot in slots}
    day, amount, rank = date.fromisoformat(group.paid_on), Decimal(group.amount), 0
    while (key := payment_id(day, kind, amount, rank)) in taken:
        rank += 1
    return key


def _place(slots: Sequence[_Slot], claims: Sequence[Claim]) -> list[Claim]:
    """Give words the payments that they tell of; those for which there is none."""
    left = []
    for claim in claims:
        slot = _find(slots, claim)
        if slot is None:
            left.append(claim)
        else:
            slot.add(claim)
    return left


def _find(slots: Sequence[_Slot], claim: Claim) -> _Slot | None:
    """The payment that a source tells of without naming it.

    That of the same care (and reference, where both have one), else one that was read otherwise and not whole from a
    paper of that reference, else one whose care is not known yet.
    """
    free = _free(slots, claim)
    same = [slot for slot in free if slot.detail.grade and claim.grade and same_care(slot.detail.content,
                                                                                     claim.content)]
    named = [slot for slot in free if (reference := claim.content.get("reference"))
             and any(word.content.get("reference") == reference for word in slot.claims)]
    again = [slot for slot in named if slot.detail.place is None and not (
        slot.detail.content["complete"] and claim.content["complete"])]
    unread = [slot for slot in free if not slot.detail.grade or not claim.grade or (
        slot.listed and not slot.detail.content["complete"])]
    for choice in ([slot for slot in same if slot in named], same, again, unread):
        if choice:
            return choice[0]
    return None


def _disagreed(slots: Sequence[_Slot], claim: Claim) -> list[_Slot]:
    """Payments of which a source may tell otherwise: the service lists them, and nothing else of the source is them."""
    return [slot for slot in _free(slots, claim) if any(word.way == "sync" for word in slot.claims)]


def _free(slots: Sequence[_Slot], claim: Claim) -> list[_Slot]:
    return [slot for slot in slots if (claim.way, claim.source) not in slot.sources and not _apart(slot, claim)]


def _apart(slot: _Slot, claim: Claim) -> bool:
    """Whether two papers of one payment each bear references of two orders of that day."""
    return claim.alone and any(
        one.alone and one.content.get("reference") != claim.content.get("reference") for one in slot.claims)


def _absolute(key: str, part: str) -> str:
    return key + part if part.startswith("-") else part


def _with_codes(content: Content, other: Content) -> Content:
    """A payment's content with what only the other tells: codes of the acts, the reference."""
    codes: defaultdict[tuple[str | None, ...], list[str]] = defaultdict(list)
    for line in other.get("lines", ()):
        if code := line.get("code"):
            codes[_same_act(line)].append(code)
    if codes:
        lines: list[CareLine] = []
        for line in content.get("lines", ()):
            left = None if line.get("code") else codes.get(_same_act(line))
            lines.append({**line, "code": left.pop(0)} if left else line)
        if lines:
            content = {**content, "lines": lines}
    if (reference := other.get("reference")) and not content.get("reference"):
        content = {**content, "reference": reference}
    return content


def _same_act(line: CareLine) -> tuple[str | None, ...]:
    return line["act_date"], line["reimbursed"], line["base"], line["rate"]


def _agree(content: Content, other: Content) -> bool:
    """The same care, the same euros withheld, and, where both tell them, the same prices and rates."""
    if not same_care(content, other) or _withheld(content) != _withheld(other):
        return False
    return not (_told(content) and _told(other)) or Counter(_prices(content)) == Counter(_prices(other))


def _withheld(content: Content) -> Decimal:
    return sum((Decimal(part["amount"]) for part in content.get("deductions", ())), Decimal(0))


def _prices(content: Content) -> list[tuple[str | None, ...]]:
    return [(*_same_act(line), line["paid"]) for line in content.get("lines", ())]


def _told(content: Content) -> bool:
    return all(part is not None for act in _prices(content) for part in act)
