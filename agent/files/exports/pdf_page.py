"""Pages of a report: headings, figures in boxes, columns, bars and gauges as vectors, plain tables. Millimetres."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from agent.files.exports.account import ZERO
from agent.files.exports.cells import line
from agent.files.exports.dossier import printable
from agent.files.exports.labels import Words

_MARGIN = 18.0
_INK, _SOFT, _RULE = (33, 37, 41), (108, 117, 125), (222, 226, 230)
_BACK, _LEFT, _PALE = (31, 111, 139), (240, 165, 0), (241, 245, 248)
"""Blue for what came back, amber for what is left: told apart by lightness too, and by words beside."""
_NAMES, _AMOUNTS = 44.0, 66.0
"""Widths left and right of a bar."""
Row = tuple[str, Decimal, Decimal]


class Sheet:
    """One document, written from top to bottom."""

    def __init__(self, title: str, made_at: datetime, words: Words) -> None:
        from fpdf import FPDF  # 0.1 s: only when a report is made

        self._words = words
        footer = words(f"ameli-tui, programme indépendant · fait le {made_at:%d/%m/%Y}",
                       f"ameli-tui, an independent program · made on {made_at:%Y-%m-%d}")

        class Paged(FPDF):
            def footer(self) -> None:
                self.set_y(-12)
                self.set_font("Helvetica", "", 8)
                self.set_text_color(*_SOFT)
                self.cell(0, 5, f"{printable(footer)} · {self.page_no()} / {{nb}}", align="L")

        self._pdf = Paged(format="A4")
        self._pdf.core_fonts_encoding = "windows-1252"  # the euro sign and œ, without a font file
        self._pdf.set_creation_date(made_at)
        self._pdf.set_title(printable(title))
        self._pdf.set_lang(words("fr-FR", "en-GB"))
        self._pdf.set_margin(_MARGIN)
        self._pdf.c_margin = 0
        self._pdf.set_auto_page_break(True, _MARGIN)
        self._pdf.add_page()

    def finish(self) -> bytes:
        """The document's bytes."""
        return bytes(self._pdf.output())

    def euros(self, amount: Decimal) -> str:
        """Euros as the language writes them: ``1 234,50 €`` or ``€1,234.50``."""
        said = f"{abs(amount):,.2f}"
        sign = "-" if amount < 0 else ""
        if self._words.lang == "en":
            return f"{sign}€{said}"
        return sign + said.replace(",", "\u00a0").replace(".", ",") + "\u00a0€"

    def _count(self, amount: Decimal) -> str:
        """A number of the scale: whole euros, cents only where the steps are that small."""
        whole = amount == amount.to_integral_value()
        said = f"{amount:,.0f}" if whole else f"{amount:,.2f}"
        return said if self._words.lang == "en" else said.replace(",", "\u00a0").replace(".", ",")

    # -- words -------------------------------------------------------------------------------------------------------

    def title(self, text: str, below: str) -> None:
        """The document's name, and for whom it is."""
        pdf = self._pdf
        pdf.set_fill_color(*_BACK)
        pdf.rect(0, 0, pdf.w, 4, style="F")
        self._font(20, "B")
        pdf.cell(0, 10, printable(line(text)), new_x="LMARGIN", new_y="NEXT")
        self._font(10, color=_SOFT)
        pdf.multi_cell(0, 5, printable(line(below)), new_x="LMARGIN", new_y="NEXT", align="L")
        pdf.ln(4)

    def heading(self, text: str, room: float = 40) -> None:
        """A section's name, never alone at the foot of a page: ``room`` is what must fit below it."""
        pdf = self._pdf
        if pdf.will_page_break(room):
            pdf.add_page()
        pdf.ln(4)
        self._font(12, "B", _BACK)
        pdf.cell(0, 7, printable(text), new_x="LMARGIN", new_y="NEXT")
        pdf.set_draw_color(*_RULE)
        pdf.line(_MARGIN, pdf.get_y(), pdf.w - _MARGIN, pdf.get_y())
        pdf.ln(2.5)

    def text(self, text: str) -> None:
        """A paragraph."""
        self._font(9, color=_SOFT)
        self._pdf.multi_cell(0, 4.5, printable(line(text)), new_x="LMARGIN", new_y="NEXT", align="L")
        self._pdf.ln(1)

    def boxes(self, figures: Sequence[tuple[str, Decimal, str]]) -> None:
        """Figures side by side: name, euros, and a note below."""
        pdf, gap, height = self._pdf, 4.0, 21.0
        width = (pdf.epw - gap * (len(figures) - 1)) / len(figures)
        top = pdf.get_y()
        for at, (name, euros, note) in enumerate(figures):
            left = _MARGIN + at * (width + gap)
            pdf.set_fill_color(*_PALE)
            pdf.rect(left, top, width, height, style="F", round_corners=True, corner_radius=1.5)
            for dy, size, style, color, said in (
                (2.5, 8, "", _SOFT, name), (8, 14, "B", _INK, self.euros(euros)), (14.5, 7.5, "", _SOFT, note),
            ):
                self._font(size, style, color)
                pdf.set_xy(left + 3, top + dy)
                pdf.cell(width - 4, 5, self._fit(said, width - 4))
        pdf.set_xy(_MARGIN, top + height + 3)

    def table(self, heads: Sequence[str], rows: Sequence[tuple[str, str, str, Decimal]]) -> None:
        """Day, text, state, euros. Where no state is known the text takes its room."""
        pdf, third = self._pdf, 42.0 if any(row[2] for row in rows) else 0.0
        pdf.ln(1.5)
        widths = (28.0, pdf.epw - 28 - third - 26, third, 26.0)
        self._row(widths, (*heads[:3], heads[3]), "B", _SOFT)
        for first, text, state, euros in rows:
            self._row(widths, (first, text, state, self.euros(euros)))
        pdf.ln(1.5)

    # -- charts ------------------------------------------------------------------------------------------------------

    def columns(self, months: Sequence[Row], legend: Sequence[str]) -> None:
        """A column per month: what came back below, what is left above it; a scale at the left."""
        pdf, height, axis = self._pdf, 46.0, 14.0
        top, left, width = pdf.get_y() + 2, _MARGIN + axis, pdf.epw - axis
        step, most = _scale(max((max(spent, back) for _name, spent, back in months), default=ZERO))
        for number in range(int(most / step) + 1):
            y = top + height - height * float(step * number / most)
            pdf.set_draw_color(*_RULE)
            pdf.line(left, y, left + width, y)
            self._font(7, color=_SOFT)
            pdf.set_xy(_MARGIN, y - 2)
            pdf.cell(axis - 2, 4, self._count(step * number), align="R")
        slot = width / max(1, len(months))
        for at, (name, spent, back) in enumerate(months):
            x, bar = left + at * slot + slot * 0.2, slot * 0.6
            low = height * float(min(back, max(spent, back)) / most)
            high = height * float(max(spent - back, ZERO) / most)
            self._fill(x, top + height - low, bar, low, _BACK)
            self._fill(x, top + height - low - high, bar, high, _LEFT)
            self._font(7, color=_SOFT)
            pdf.set_xy(left + at * slot, top + height + 1)
            pdf.cell(slot, 4, printable(name), align="C")
        pdf.set_xy(_MARGIN + axis, top + height + 6)
        self._legend([(legend[0], _BACK), (legend[1], _LEFT)])

    def bars(self, rows: Sequence[Row], heads: Sequence[str]) -> None:
        """A bar per row, as long as what was spent; the exact sums at the right under their heads."""
        pdf = self._pdf
        most = max((max(spent, back) for _name, spent, back in rows), default=ZERO) or Decimal(1)
        room = pdf.epw - _NAMES - _AMOUNTS
        self._sums(heads, "B", _SOFT)
        for name, spent, back in rows:
            self._break(6)
            top = pdf.get_y()
            self._font(9)
            pdf.cell(_NAMES, 5.5, self._fit(name, _NAMES - 2))
            whole, paid = room * float(max(spent, back) / most), room * float(max(back, ZERO) / most)
            self._fill(_MARGIN + _NAMES, top + 1, min(paid, whole), 3.5, _BACK)
            self._fill(_MARGIN + _NAMES + paid, top + 1, max(0.0, whole - paid), 3.5, _LEFT)
            self._sums([self.euros(one) for one in (spent, back, spent - back)])

    def gauges(self, rows: Sequence[tuple[str, Decimal, Decimal, Decimal]], heads: Sequence[str]) -> None:
        """How far each sum is on the way to its ceiling: withheld, then what is still to be withheld."""
        pdf = self._pdf
        names = 74.0
        room = pdf.epw - names - _AMOUNTS
        self._sums(heads, "B", _SOFT)
        for name, done, open_, ceiling in rows:
            self._break(6)
            top = pdf.get_y()
            self._font(9)
            pdf.cell(names, 5.5, self._fit(name, names - 2))
            self._fill(_MARGIN + names, top + 1, room, 3.5, _RULE)
            part = float(min(Decimal(1), done / ceiling)) if ceiling > 0 else 0.0
            more = float(min(Decimal(1), (done + open_) / ceiling)) if ceiling > 0 else 0.0
            self._fill(_MARGIN + names, top + 1, room * part, 3.5, _BACK)
            self._fill(_MARGIN + names + room * part, top + 1, room * max(0.0, more - part), 3.5, _LEFT)
            self._sums([self.euros(one) for one in (done, open_, ceiling)])

    # -- inside ------------------------------------------------------------------------------------------------------

    def _font(self, size: float, style: str = "", color: tuple[int, int, int] = _INK) -> None:
        self._pdf.set_font("Helvetica", style, size)
        self._pdf.set_text_color(*color)

    def _fill(self, x: float, y: float, width: float, height: float, color: tuple[int, int, int]) -> None:
        if width > 0 and height > 0:
            self._pdf.set_fill_color(*color)
            self._pdf.rect(x, y, width, height, style="F")

    def _legend(self, names: Sequence[tuple[str, tuple[int, int, int]]]) -> None:
        pdf = self._pdf
        for name, color in names:
            self._fill(pdf.get_x(), pdf.get_y() + 1, 3, 3, color)
            pdf.set_x(pdf.get_x() + 4.5)
            self._font(8, color=_SOFT)
            pdf.cell(pdf.get_string_width(printable(name)) + 8, 5, printable(name))
        pdf.ln(7)

    def _sums(self, texts: Sequence[str], style: str = "", color: tuple[int, int, int] = _INK) -> None:
        """Three texts flush right in the column of amounts, and the next line."""
        pdf = self._pdf
        self._font(8.5 if not style else 8, style, color)
        pdf.set_x(pdf.w - _MARGIN - _AMOUNTS)
        for text in texts:
            pdf.cell(_AMOUNTS / 3, 5.5, printable(text), align="R")
        pdf.ln(6)

    def _row(
        self, widths: Sequence[float], texts: Sequence[str], style: str = "", color: tuple[int, int, int] = _INK
    ) -> None:
        """A line of a table; the second text takes as many lines as it needs."""
        pdf = self._pdf
        self._font(8.5, style, color)
        wrapped = pdf.multi_cell(widths[1] - 2, 4.5, printable(line(texts[1])), dry_run=True, output="LINES",
                                 align="L")
        self._break(4.5 * max(1, len(wrapped) if isinstance(wrapped, list) else 1) + 1)
        top = pdf.get_y()
        pdf.cell(widths[0], 4.5, self._fit(texts[0], widths[0] - 2))
        pdf.multi_cell(widths[1] - 2, 4.5, printable(line(texts[1])), align="L", new_x="RIGHT", new_y="NEXT")
        bottom = pdf.get_y()
        pdf.set_xy(_MARGIN + widths[0] + widths[1], top)
        if widths[2]:  # to the writer, no width means up to the margin
            pdf.cell(widths[2], 4.5, self._fit(texts[2], widths[2] - 2))
        pdf.cell(widths[3], 4.5, printable(texts[3]), align="R")
        pdf.set_xy(_MARGIN, bottom + 1)

    def _break(self, height: float) -> None:
        if self._pdf.will_page_break(height):
            self._pdf.add_page()

    def _fit(self, text: str, width: float) -> str:
        """The text in the font at hand, cut where the room ends."""
        said = printable(line(text))
        if self._pdf.get_string_width(said) <= width:
            return said
        while said and self._pdf.get_string_width(said + "…") > width:
            said = said[:-1]
        return said + "…"


def _scale(most: Decimal) -> tuple[Decimal, Decimal]:
    """A round step, and the top of a scale of three to five of them, at least as high as ``most``."""
    if most <= 0:
        return Decimal(1), Decimal(4)
    power = Decimal(10) ** (most / 5).adjusted()
    step = next(factor * power for factor in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
                if factor * power >= most / 5)
    return step, step * (most / step).to_integral_value(ROUND_CEILING)
