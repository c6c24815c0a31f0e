"""Text at exact places on A4 pages: points from the left and from the top, Helvetica core fonts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from agent.sandbox.model import Household

WIDTH, HEIGHT = 595, 842
BOTTOM = 800
"""Below this no row is placed: the next page begins."""

Align = Literal["left", "right"]
Style = Literal["", "B", "I"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One piece of text: ``x`` is its left edge, or its right edge when aligned right; ``y`` its baseline."""

    text: str
    x: float
    y: float
    size: float = 8
    style: Style = ""
    align: Align = "left"


class Sheet:
    """Pages being filled from the top; rows that do not fit open a new page."""

    def __init__(self, first_row_y: float) -> None:
        self.pages: list[list[Mark]] = [[]]
        self.heads: list[Mark] = []
        """Repeated at the top of each further page."""
        self.first_row_y = first_row_y
        self.y = first_row_y

    def place(self, *marks: Mark) -> None:
        """Put text on the page being filled."""
        self.pages[-1].extend(marks)

    def row(self, height: float, *cells: Mark) -> None:
        """Add one row of cells (their ``y`` is the offset from the row's baseline), ``height`` below the last one."""
        self.y += height
        if self.y > BOTTOM:
            self.pages.append([])
            shift = self.heads[0].y - 60 if self.heads else 0
            self.place(*(Mark(m.text, m.x, m.y - shift, m.size, m.style, m.align) for m in self.heads))
            self.y = 60 + (self.first_row_y - self.heads[0].y if self.heads else 0) + height
        self.place(*(Mark(c.text, c.x, self.y + c.y, c.size, c.style, c.align) for c in cells))

    def draw(self, title: str, made_on: date | None = None) -> bytes:
        """The pages as one PDF. It says that it was made on that day, else now: two downloads are never the same."""
        from fpdf import FPDF

        pdf = FPDF(unit="pt", format=(WIDTH, HEIGHT))
        pdf.set_auto_page_break(False)
        pdf.set_title(title)
        pdf.set_producer("ameli-tui sandbox")
        if made_on:
            pdf.set_creation_date(datetime.combine(made_on, time(), UTC))
        total = len(self.pages)
        for number, marks in enumerate(self.pages, start=1):
            pdf.add_page()
            pdf.set_font("Helvetica", "I", 8)
            pdf.text(521, 26, f"Page {number}/{total}")
            font: tuple[str, float] = ("I", 8)
            for mark in marks:
                if (mark.style, mark.size) != font:
                    font = (mark.style, mark.size)
                    pdf.set_font("Helvetica", mark.style, mark.size)
                text = mark.text.encode("cp1252", "replace").decode("cp1252")
                x = mark.x - pdf.get_string_width(text) if mark.align == "right" else mark.x
                pdf.text(x, mark.y, text)
        return bytes(pdf.output())


def letterhead(sheet: Sheet, household: Household) -> None:
    """The fund at the left, the insured person's name and address at the right."""
    insured = household.persons[0]
    sheet.place(
        Mark(household.cpam, 43, 80, 9, "B"),
        Mark(household.cpam_address, 43, 92),
        Mark(f"{insured.civility}  {insured.last_name} {insured.first_name}", 298, 130, 11),
        *(Mark(line, 298, 143 + 13 * row, 11) for row, line in enumerate(household.address)),
    )


def euros(amount: Decimal) -> str:
    """``17,50``; thousands stay together, a minus is followed by a space: ``- 2,00``."""
    text = f"{abs(amount):.2f}".replace(".", ",")
    return f"- {text}" if amount < 0 else text


def day(when: date) -> str:
    """``19/10/2018``."""
    return when.strftime("%d/%m/%Y")


def with_key(nir: str) -> str:
    """The 13 characters with their key, spaced 1-2-2-2-3-3-2."""
    number = int(nir.upper().replace("2A", "19").replace("2B", "18"))
    full = f"{nir}{97 - number % 97:02d}"
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    return " ".join(full[a:b] for a, b in pairwise(cuts))
