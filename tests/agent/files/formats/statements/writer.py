"""A statement drawn as the public samples are: the reader's test partner, written from their description alone."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from fpdf import FPDF

HEADS = (("dates", 45, "L"), ("nature des prestations", 133, "L"), ("payé", 440, "R"), ("rembours.", 490, "R"),
         ("taux", 525, "R"), ("versé", 575, "R"))


@dataclass
class Act:
    """A line of care."""

    on: date
    label: str
    code: str | None
    paid: Decimal
    base: Decimal
    rate: int
    refunded: Decimal


@dataclass
class Care:
    """One person's care."""

    name: str
    born: date
    acts: list[Act]
    reference: str = "0351   1829220001234"


@dataclass
class Paper:
    """What is to be drawn."""

    paid_on: date
    care: list[Care]
    total: Decimal
    deductions: list[tuple[str, Decimal]] = field(default_factory=list)
    top_up: str = "MUTUELLE DES ESSAIS"
    nir: str = "2 55 08 14 168 025 38"
    title: str = ""
    shift: tuple[float, float] = (0, 0)
    family: str = "Helvetica"
    total_each: bool = False
    short_year: bool = False
    sector: str = ""
    minus: str = "- "


def euros(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def draw(*papers: Paper) -> bytes:
    """The papers one after the other in one file; the first one's letterhead stands for all."""
    first = papers[0]
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.set_auto_page_break(False)
    pdf.add_page()
    dx, dy = first.shift

    def put(text: str, x: float, y: float, size: float = 8, style: str = "", align: str = "L") -> None:
        pdf.set_font(first.family, style, size)
        data = text.encode("cp1252", "replace").decode("cp1252")
        pdf.text(x + dx - (pdf.get_string_width(data) if align == "R" else 0), y + dy, data)

    def day(when: date) -> str:
        return when.strftime("%d %m %y" if first.short_year else "%d/%m/%Y")

    put("Page 1/1", 521, 26, 8, "I")
    put("assuré social", 128, 119, align="R")
    put("DUPONT ZOE", 133, 119)
    put("nº de Sécurité Sociale", 128, 131, align="R")
    put(first.nir, 133, 131)
    put("CPAM des YVELINES", 298, 141)
    put("78085  YVELINES Cedex 9", 298, 150)
    put("MME.  DUPONT ZOE", 298, 188, 11)
    put(first.title or f"Voici le détail des versements vous concernant pour un paiement du {first.paid_on:%d/%m/%Y}",
        134, 269, 9)
    put("Ce remboursement est d'ores et déjà effectué sur votre compte. Les données ont été transmises à", 134, 286, 9)
    put(f"votre organisme complémentaire {first.top_up} . En conséquence, vous n'avez pas", 134, 297, 9)
    put("besoin de lui envoyer ce relevé.", 134, 308, 9)
    put("vos remboursements de soins", 43, 320, 9, "B")
    put("montant", 440, 335, 9, "B", "R")
    for text, x, align in HEADS:
        put(text, x, 346, 9, "B", align)
    y = 346.0
    for paper in papers:
        for care in paper.care:
            y += 26
            put(f"pour {care.name} né(e) le {care.born:%d/%m/%Y}", 133, y, 9)
            y += 13
            put("maladie", 133, y)
            y += 12
            put(f"réf  {care.reference}", 133, y, 7, "I")
            for act in care.acts:
                y += 14
                put(day(act.on), 43, y)
                put(act.label + paper.sector, 133, y)
                if act.code:
                    pdf.set_font(first.family, "", 8)
                    put(f" ( {act.code} )", 135 + pdf.get_string_width(act.label + paper.sector), y + 2, 6)
                put(euros(act.paid), 440, y, align="R")
                put(euros(act.base), 490, y, align="R")
                put(f"{act.rate} %", 525, y, align="R")
                put(euros(act.refunded), 575, y, align="R")
            if paper.total_each:
                y += 16
                put(f"le {day(paper.paid_on)} : {euros(sum((a.refunded for a in care.acts), Decimal(0)))} euro(s)",
                    133, y, 10)
        for label, amount in paper.deductions:
            y += 14
            put(label, 133, y)
            put(paper.minus + euros(-amount), 575, y, align="R")
        if not paper.total_each:
            y += 16
            put(f"le {day(paper.paid_on)} : {euros(paper.total)} euro(s)", 133, y, 10)
    return bytes(pdf.output())
