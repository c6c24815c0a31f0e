"""What a recording shows of whose account it is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from agent.files.imports.har.model import Found, Member
from agent.files.imports.ownership import Shown, Told
from agent.files.imports.person_names import Person
from agent.portal.pages.payment_detail import receiver
from agent.store.payments.records import money

if TYPE_CHECKING:
    from agent.files.formats.statements import Statement
    from agent.portal.pages.payment_detail import Detail


def told(recorded: Found) -> Told:
    """Its numbers, persons, fund and payments, as far as it shows them. Pure."""
    profile = recorded.profile
    return Told(
        numbers=set(recorded.numbers), holder=next((one.holder for one in recorded.letterheads if one.holder), ""),
        fund=(profile.cpam if profile else None) or next((one.fund for one in recorded.letterheads if one.fund), ""),
        people=_people(recorded),
        relatives=[Person(profile.name, profile.birth_date),
                   *(Person(one.name, one.birth_date) for one in profile.beneficiaries)] if profile else [],
        payments=[_shown(member) for group in recorded.groups for member in group.members], spans=recorded.spans)


def _people(recorded: Found) -> list[Person]:
    details = [member.detail for group in recorded.groups for member in group.members if member.detail is not None]
    names = [Person(line.beneficiary) for detail in details for line in detail.lines if line.beneficiary]
    papers = [person for paper in recorded.letterheads for person in patients(paper)]
    return list(dict.fromkeys([*names, *papers]))


def patients(paper: Statement) -> list[Person]:
    """Everybody cared for in a statement, once each."""
    return list(dict.fromkeys(Person(line.patient.name, line.patient.born)
                              for payment in paper.payments for line in payment.lines if line.patient is not None))


def _shown(member: Member) -> Shown:
    row, detail = member.row, member.detail
    return Shown(row.paid_on, receiver(row.kind), row.amount, _care(detail) if detail is not None else None)


def _care(detail: Detail) -> Counter[tuple[str | None, str]]:
    return Counter((line.act_date.isoformat() if line.act_date else None, money(line.reimbursed))
                   for line in detail.lines)
