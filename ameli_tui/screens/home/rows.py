"""How one payment looks in a list: the same on the home screen and in the list of all."""

from typing import TYPE_CHECKING

from ameli_tui.i18n import _, day, money
from ameli_tui.i18n.request_states import asked_words
from ameli_tui.i18n.service_words import payment_kind
from ameli_tui.terminal.safe_text import fit, one_line
from ameli_tui.widgets.virtual_list import Cell

if TYPE_CHECKING:
    from agent.protocol.messages import MessageHead
    from agent.protocol.payments import PaymentRow


def payment_cells(row: "PaymentRow", width: int) -> list[Cell]:
    """Date, what care it was (else the kind of payment), for whom, to whom it went, amount at the right.

    A payment that went to someone else is told by an arrow and a word, not by its colour.
    """
    amount = money(row.amount)
    other = row.to == "tiers"
    to = f"→ {_('third party')}" if other else ""
    kind, label = payment_kind(row.kind), one_line(row.label)
    what = one_line(row.acts) or (kind if not label or label.lower() == kind.lower() else label)
    to_width = 13 if width >= 72 else 2
    if to_width == 2:
        to = to[:1]
    amount_width = max(12, len(amount))
    room = width - 12 - to_width - amount_width - 3
    who_width = max(0, min(26, room // 3)) if width >= 60 else 0
    what_width = max(4, room - who_width)
    cells = [(fit(day(row.paid_on), 11) + " ", "muted"), (fit(what, what_width) + " ", "")]
    if who_width:
        cells.append((fit(one_line(row.beneficiaries), who_width) + " ", "muted"))
    cells.append((fit(to, to_width), "warn"))
    cells.append((fit(amount, amount_width, right=True), "strong" if not other else "muted"))
    cells.append((" ", ""))
    return cells


def message_cells(head: "MessageHead", width: int, left: str = "") -> list[Cell]:
    """Mark, date, subject, and who wrote where there is room.

    What a message asks for stands where its sender would: its kind in words, and ``left``, the days left to do it. It
    is pressing while there are such days, or until it was read: then its mark is "!", as "●" is that of the unread.
    """
    unread = not head["read"]
    when = fit(day(head["received_on"]), 11) + " "
    asks = asked_words(head["about"])
    said = " · ".join(part for part in (asks, left) if part) if width >= 60 else left or (asks if width >= 44 else "")
    pressing = bool(left) or (unread and bool(asks))
    last = f" {'!' if pressing else '·'} {said}" if said else " " + one_line(head["sender"])
    last_width = max(22 if width >= 70 else 0, len(last) + 1 if said else 0)
    room = max(4, width - 2 - 12 - last_width)
    cells = [("! " if pressing else "● " if unread else "  ", "warn"), (when, "muted"),
             (fit(one_line(head["subject"]), room), "strong" if unread else "")]
    if last_width:
        cells.append((fit(last, last_width), "warn" if pressing else "muted"))
    return cells
