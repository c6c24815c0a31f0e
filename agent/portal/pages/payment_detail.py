"""The detail of one payment: its care lines, flat deductions and sick pay."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Literal, cast

import msgspec

from agent.account import ActLine, Deduction, Indemnity, Payment, payment_id
from agent.account.model import DeductionKind
from agent.concurrency.reader_threads import aside, outside
from agent.portal.errors import PortalChanged
from agent.portal.navigation import Session
from agent.portal.pages.html import Node, Tree, attribute, every, first, parse, text, whole
from agent.portal.pages.parsing import amount, day, days, rate, whole_number, words
from agent.portal.pages.selectors import PAYMENTS, DetailPage
from agent.portal.types import PaymentRow

_ZERO = Decimal("0.00")
_CLOSED = ("div", "tr", "td", "detailpaiement")
"""Elements that a whole detail closes: looked at when its parts do not make the payment's amount."""


class Detail(msgspec.Struct, frozen=True):
    """What a detail page says, before it is tied to its row."""

    paid_on: date | None
    amount: Decimal
    lines: tuple[ActLine, ...]
    deductions: tuple[Deduction, ...]
    indemnities: tuple[Indemnity, ...]
    pdf_href: str | None
    missing: tuple[str, ...] = ()
    """Columns of the table of care that no line has: the page changed, what could be read is here."""

    @property
    def total(self) -> Decimal:
        """Euros that lines, deductions and sick pay make together."""
        return (sum((line.reimbursed for line in self.lines), _ZERO)
                + sum((one.amount for one in self.deductions), _ZERO)
                + sum((one.amount for one in self.indemnities), _ZERO))


async def fetch_detail(session: Session, row: PaymentRow, key: str, stamp: int) -> Detail:
    """Ask for a row's detail and read it; ``key`` is the payment's id, from which those of its lines are made."""
    reply = await session.call(PAYMENTS, {
        "actionEvt": "chargerDetailPaiements",
        "idPaiement": row.ref,
        "naturePaiement": row.kind,
        "indexGroupe": row.group,
        "indexPaiement": row.index,
        "idNoCache": str(stamp),
    }, DetailPage.page)
    detail = await aside(lambda: read_detail(reply.text, key))
    if detail.amount != row.amount:
        raise PortalChanged(page=DetailPage.page, missing="montant de la liste")
    return detail


def receiver(kind: str) -> Literal["assure", "tiers"]:
    """Whom a payment of that kind goes to: the insured person, or somebody else for them."""
    return "tiers" if "TIERS" in kind.upper() else "assure"


def to_head(row: PaymentRow, key: str) -> Payment:
    """The payment of which only the row is known."""
    return Payment(id=key, paid_on=row.paid_on, kind=row.kind, amount=row.amount, label=row.label,
                   to=receiver(row.kind), complete=False)


def to_payment(row: PaymentRow, rank: int, detail: Detail) -> Payment:
    """The payment of a row and its detail."""
    key = payment_id(row.paid_on, row.kind, row.amount, rank)
    people = tuple(dict.fromkeys(line.beneficiary for line in detail.lines if line.beneficiary))
    return Payment(
        id=key, paid_on=row.paid_on, kind=row.kind, amount=row.amount,
        to=receiver(row.kind), label=row.label, beneficiaries=people,
        lines=detail.lines, deductions=detail.deductions, indemnities=detail.indemnities,
        document=f"d{key[1:]}" if row.pdf_href or detail.pdf_href else None,
        # Parts that do not make the whole: something was not shown, or not understood. It is asked for again.
        complete=detail.total == row.amount and not detail.missing,
    )


@outside
def read_detail(content: str, key: str) -> Detail:
    """Read the fragment. Raises PortalChanged when it is not one, or is cut short."""
    tree = parse(content, DetailPage.page)
    heading = text(DetailPage.heading.require(tree, DetailPage.page))
    if (value := _heading_amount(heading)) is None:
        raise PortalChanged(page=DetailPage.page, missing=DetailPage.heading.name)
    detail = _read(tree, heading, value, _Reader(key))
    if detail.total != value:
        once = _read(tree, heading, value, _Reader(key, repeated=False))
        if once.total == value:  # rows shown twice: equal acts are common, so only the sum can tell
            detail = once
    suspect = detail.total != detail.amount and any(_cut(content, tag) for tag in _CLOSED)
    if suspect or _cut(content, "table") or not whole(content):
        raise PortalChanged(page=DetailPage.page, missing="fin du détail (réponse coupée)")
    if not (detail.lines or detail.deductions or detail.indemnities) and tree.css_first("table") is not None:
        raise PortalChanged(page=DetailPage.page, missing="lignes du tableau")
    return detail


def _read(tree: Tree, heading: str, value: Decimal, reader: _Reader) -> Detail:
    reader.read(tree)
    return Detail(
        paid_on=day(heading), amount=value, lines=tuple(reader.lines), deductions=tuple(reader.deductions),
        indemnities=tuple(reader.indemnities),
        pdf_href=attribute(first(tree, *DetailPage.pdf), "href").strip() or None,
        missing=tuple(one.name for one in DetailPage.columns if reader.lines and one.name not in reader.columns),
    )


class _Reader:
    """Walks the containers: a person's name announces that the next table is theirs.

    ``repeated=False`` reads a row that stands twice in its table once.
    """

    def __init__(self, key: str, *, repeated: bool = True) -> None:
        self.lines: list[ActLine] = []
        self.deductions: list[Deduction] = []
        self.indemnities: list[Indemnity] = []
        self.columns: set[str] = set()
        """Names of the columns met."""
        self._key = key
        self._repeated = repeated
        self._seen: Counter[str] = Counter()

    def read(self, tree: Tree) -> None:
        person = ""
        read: set[int] = set()
        for node in every(tree, f"{DetailPage.containers}, table"):
            tables = [node] if node.tag == "table" else node.css("table")
            if node.tag != "table" and "entete" not in attribute(node, "class").split():
                name = DetailPage.person.find(node)
                person = text(name, 200) if name is not None else person
            for table in tables:
                if table.mem_id not in read:
                    read.add(table.mem_id)
                    self._table(table, person)
                    person = ""

    def _table(self, table: Node, person: str) -> None:
        seen: set[str | None] = set()
        for row in table.css("tr"):
            if not self._repeated:
                if row.html in seen:
                    continue
                seen.add(row.html)
            if row.css_first(DetailPage.deduction_name) is not None:
                self._deduction(row)
            elif row.css_first(DetailPage.act) is not None:
                self._act(row, person)
            elif len(cells := row.css("td")) == 4:
                self._sick_pay(cells)

    def _act(self, row: Node, person: str) -> None:
        cell = cast(Node, row.css_first(DetailPage.act))
        name = row.css_first(DetailPage.act_name)
        whole = text(cell)
        label = text(name) if name is not None else re.sub(r"\s*\d{1,2}/\d{1,2}/\d{4}.*$", "", whole)
        cells = [one.find(row) for one in DetailPage.columns]
        self.columns |= {one.name for one, found in zip(DetailPage.columns, cells, strict=True) if found is not None}
        paid, base, percent, refunded = map(text, cells)
        self.lines.append(ActLine(
            id=self._id("l"), beneficiary=person, act=label, act_date=day(whole.removeprefix(label)),
            paid=amount(paid), base=amount(base), rate=rate(percent), reimbursed=amount(refunded) or _ZERO,
        ))

    def _deduction(self, row: Node) -> None:
        label = text(row.css_first(DetailPage.deduction_name))
        value = amount(text(row.css_first(DetailPage.deduction_amount))) or _ZERO
        self.deductions.append(Deduction(
            id=self._id("r"), kind=deduction_kind(label), label=label,
            act_date=day(text(row.css_first(DetailPage.deduction_day)) or text(row)), amount=value,
        ))

    def _sick_pay(self, cells: list[Node]) -> None:
        label, count, daily, value = (text(cell) for cell in cells)
        period = days(label)
        self.indemnities.append(Indemnity(
            label=words(re.sub(r"\s*(?:\bdu\s+)?\d{1,2}/\d{1,2}/\d{2,4}.*$", "", label)) or label,
            start=period[0] if period else None, end=period[-1] if period else None,
            days=whole_number(count), daily=amount(daily), amount=amount(value) or _ZERO,
        ))

    def _id(self, kind: str) -> str:
        self._seen[kind] += 1
        return f"{self._key}-{kind}{self._seen[kind]}"


def deduction_kind(label: str) -> DeductionKind:
    """Participation forfaitaire or franchise, from the service's words or code."""
    lower = label.lower()
    codes = set(re.findall(r"[a-z]+", lower))
    if "franchise" in lower or codes & {"frh", "frt", "frp"}:
        return "franchise"
    if "participation" in lower or codes & {"pfh", "pft", "pfc", "pf"}:
        return "participation"
    return "other"


def _heading_amount(heading: str) -> Decimal | None:
    """``… pour un montant de 17,50 €``."""
    match = re.search(r"montant\s+de\s+(.+)$", heading, re.IGNORECASE)
    if match and (value := amount(match[1].rstrip(" ."))) is not None:
        return value
    loose = re.findall(r"[-\u2212]?\s?\d[\d\s\u00a0\u202f]*,\d{2}", heading)
    return amount(loose[-1]) if loose else None


def _cut(content: str, tag: str) -> bool:
    return len(re.findall(rf"<{tag}\b", content, re.IGNORECASE)) > content.lower().count(f"</{tag}>")
