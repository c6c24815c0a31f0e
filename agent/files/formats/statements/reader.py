"""From the bytes of a PDF to what the statement says, line after line."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from agent.account import clean_text
from agent.account.model import DeductionKind
from agent.concurrency.reader_threads import outside
from agent.files.formats.pdf_lock import PDFIUM
from agent.files.formats.statements.beneficiaries import heading, resembles_heading
from agent.files.formats.statements.cells import Cells, as_amount, as_day, read_cells
from agent.files.formats.statements.errors import NotAStatement, StatementUnreadable
from agent.files.formats.statements.model import (
    ROUNDING,
    PaperAllowance,
    PaperDeduction,
    PaperLine,
    PaperPayment,
    Patient,
    Statement,
)
from agent.files.formats.statements.pages import pages_of

_MARK = b"%PDF-"
_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
           "decembre")
_MONTHLY = re.compile(rf"releve\s*mensuel\s*(?:de\s+|d')?\s*({'|'.join(_MONTHS)})\s*(\d{{4}})")
_YEARS = range(1945, 2201)
"""In which there may be statements: the fund was founded in 1945."""
_PAID_ON = re.compile(r"pour un paiement du (\d\d/\d\d/\d{4})")
_PERIOD = re.compile(r"pour la periode du (\d\d[ /]\d\d[ /]\d{2,4}) au (\d\d[ /]\d\d[ /]\d{2,4})")
_TOTAL = re.compile(
    r"(?:regle |verse )?le (\d\d[/ .]\d\d[/ .]\d{2,4}) ?: ?([-\u2010\u2212\u2013]? ?[\d .]*\d,\d\d) ?(?:euro|€)")
_REFERENCE = re.compile(r"^ref\.? +(\d{4}) +(\d{12,13})$")
_SPELL = re.compile(r"^(.*?) ?du (\d\d/\d\d/\d{4}) au (\d\d/\d\d/\d{4})$")
_NIR = re.compile(r"(?<!\d)([1-8] ?\d\d ?\d\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3})(?: ?\d\d)?(?!\d)")
_AMOUNT = re.compile(r"\d,\d\d(?!\d)")
_TAKEN_OFF = re.compile(r"(?:^|\s)[-\u2010\u2212\u2013] ?\d[\d .]*,\d\d(?!\d)|\d,\d\d ?[-\u2010\u2212\u2013]$")
_LEFT_OVER = re.compile(
    r"\d,\d\d(?!\d)|\d[\dIOSlo|]*[.,][\dIOSlo|]{2}(?!\w)|\d\d[/.]\d\d[/.]\d\d"
    r"|^\d\d \d\d \d\d\b|^\d{1,2} [^\W\d]+ \d{4}\b")
"""A day or an amount that stayed in a label of care: its column was not read."""
_DAY = re.compile(r"\d\d[/ .]\d\d[/ .](?:\d{4}|\d\d)")
_WHOLE_LINE = ("AARA", "AARARA")
"""The columns of a line that can only be of care, with or without its day."""
_TOP_UP = re.compile(r"organisme complémentaire\s*(.{0,60}?)\s*\.\s*(?:En consé|$)", re.IGNORECASE | re.DOTALL)
_DEDUCTION_CODES: dict[str, DeductionKind] = {
    "PFH": "participation", "PFT": "participation", "FRH": "franchise", "FRT": "franchise"}
_DEFERRED = ("pharmacie", "transport", "auxiliaire", "infirmier", "kine")
"""Labels under which a franchise of earlier care is withheld."""
_OTHER_PAPERS = (
    ("attestation de droits", "c'est une attestation de droits", "it is an entitlement certificate"),
    ("bulletin de paie", "c'est un bulletin de paie", "it is a payslip"),
    ("bulletin de salaire", "c'est un bulletin de paie", "it is a payslip"),
    ("montant net fiscal", "c'est un relevé fiscal", "it is a tax statement"),
    ("attestation de paiement des indemnites", "c'est une attestation d'indemnités", "it is a sick-pay certificate"),
    ("releve d'identite bancaire", "c'est un RIB", "it is a bank identity paper"),
)


def looks_like_pdf(data: bytes) -> bool:
    """Whether the file is a PDF; some begin with a few other bytes."""
    return _MARK in data[:1024]


@outside
def read_statement(name: str, data: bytes) -> Statement:
    """What a PDF says. ``name`` of the file may tell the month. Raises StatementUnreadable, NotAStatement."""
    with PDFIUM:
        pages = pages_of(data)
    sheets = [[read_cells(line) for line in page.lines()] for page in pages]
    lines = [line for sheet in sheets for line in sheet]
    if not lines:
        raise StatementUnreadable(
            why_fr="il ne contient aucun texte, seulement une image", why_en="it holds no text, only a picture",
            do_fr="Prenez le fichier téléchargé du compte ameli, pas une photo ni un scan.",
            do_en="Take the file as downloaded from the ameli account, not a photograph or a scan.")
    plain = [_plain(line.text) for line in lines]
    statement = _title(name, plain)
    if statement is None:
        raise _other_paper(plain)
    _letterhead(statement, lines, plain)
    reader = _Reader(statement, scanned=any(page.pictured for page in pages))
    for sheet in sheets:
        reader.turn()
        for line in sheet:
            reader.take(line, _plain(line.text))
    reader.end()
    return statement


def _plain(text: str) -> str:
    """Small letters without accents: what fixed wording is compared in."""
    flat = unicodedata.normalize("NFKD", text.lower().replace("º", "o").replace("’", "'"))
    return " ".join("".join(sign for sign in flat if not unicodedata.combining(sign)).split())


def _title(name: str, plain: list[str]) -> Statement | None:
    whole = "\n".join(plain)
    if (month := _month(whole)) is not None:
        return Statement("month", month=month)
    if (paid := _PAID_ON.search(whole)) is not None and (day := as_day(paid[1])) is not None:
        return Statement("payment", month=day.replace(day=1), paid_on=day)
    if (period := _PERIOD.search(whole)) is not None:
        first, last = as_day(period[1]), as_day(period[2])
        if first is not None and last is not None:
            return Statement("month", month=last.replace(day=1), period=(first, last))
    named = _month(_plain(re.sub(r"(?i)mensuel(?=\S)", "mensuel ", re.sub(r"[_-]+", " ", name))))
    of_the_fund = "assure social" in whole or "remboursements de soins" in whole or "assurance maladie" in whole
    if named is not None and of_the_fund:
        return Statement("month", month=named)
    if "nature des prestations" in whole and _TOTAL.search(whole):
        return Statement("payment")
    return None


def _month(text: str) -> date | None:
    """First day of the month that a monthly statement is called after; None for a year that is none."""
    monthly = _MONTHLY.search(text)
    year = int(monthly[2]) if monthly is not None else 0
    return date(year, _MONTHS.index(monthly[1]) + 1, 1) if monthly is not None and year in _YEARS else None


def _other_paper(plain: list[str]) -> NotAStatement:
    whole = "\n".join(plain)
    for words, fr, en in _OTHER_PAPERS:
        if words in whole:
            return NotAStatement(what_fr=f" : {fr}", what_en=f": {en}")
    return NotAStatement(what_fr="", what_en="")


def _letterhead(statement: Statement, lines: list[Cells], plain: list[str]) -> None:
    for line, text in zip(lines, plain, strict=True):
        if text.startswith("assure social ") and not statement.holder:
            statement.holder = clean_text(line.text.split(None, 2)[2], 200)
        if not statement.nir and "securite sociale" in text and (nir := _NIR.search(line.text)) is not None:
            statement.nir = nir[1].replace(" ", "")
        if not statement.fund and (fund := re.search(r"\b(?:CPAM|CGSS|CCSS)\b.*", line.text)) is not None:
            statement.fund = clean_text(fund[0], 200)
    notice = _TOP_UP.search("\n".join(line.text for line in lines))
    statement.top_up = clean_text(" ".join(notice[1].split()), 100) if notice else ""


class _Reader:
    """Follows the table from heading to total."""

    def __init__(self, statement: Statement, *, scanned: bool) -> None:
        self._statement, self._scanned = statement, scanned
        self._inside = self._third_party = self._allowances = False
        self._repeated = self._remark = False
        """The headings at the top of a further page are those of the page before; a remark explains rules."""
        self._patient: Patient | None = None
        self._unsigned = False
        """Something withheld was printed without its minus."""
        self._open = self._fresh()

    def turn(self) -> None:
        """Begin a page."""
        self._repeated, self._remark = self._inside, False

    def _fresh(self) -> PaperPayment:
        return PaperPayment(self._statement.paid_on or date.min, Decimal(0), "tiers" if self._third_party else "assure",
                            scanned=self._scanned)

    def _day(self) -> date | None:
        """A day of the statement."""
        return self._statement.paid_on or (self._statement.period or (self._statement.month,))[-1]

    def take(self, line: Cells, text: str) -> None:
        """One line of the page, and the same in plain letters."""
        if self._section(text):
            self._remark = False
            return
        if not self._inside:
            return
        self._repeated = self._repeated and not line.numbers
        self._remark = text.startswith("a noter") or (self._remark and _DAY.match(text) is None)
        if (total := _TOTAL.search(text)) is not None:
            self._close(as_day(total[1]), as_amount(total[2].replace("- ", "-")))
        elif (person := heading(line.text, self._patient, self._day())) is not None:
            self._patient = person
            self._remark = self._allowances = False
        elif resembles_heading(line.text):
            self._statement.doubts.append((
                "le nom d'une personne est illisible", "the name of a person cannot be read"))
        elif (reference := _REFERENCE.match(text)) is not None:
            self._refer(f"{reference[1]} {reference[2]}")
        elif self._remark and line.places in ("", "A", "N") and line.code is None:
            return
        elif line.numbers:
            self._row(line, text)
        elif _TAKEN_OFF.search(text) or (
                _AMOUNT.search(text) and (_DAY.match(text) or _AMOUNT.search(text.split()[-1]))):
            self._doubt(line)

    def _section(self, text: str) -> bool:
        if self._repeated and "pour votre information" in text and self._third_party:
            return True
        if "pour votre information" in text:
            self._end_third_party()
            self._inside = self._third_party = True
            self._allowances = False
            self._patient, self._open = None, self._fresh()
        elif "remboursements de soins" in text:
            if not self._repeated:
                self._end_third_party()
                if self._third_party:
                    self._third_party = False
                    self._open = self._fresh()
                self._allowances = False
            self._inside = True
        elif "vos indemnites journalieres" in text:
            self._inside = self._allowances = True
        elif "nature des prestations" in text:
            self._inside = True
        else:
            return False
        return True

    def _refer(self, reference: str) -> None:
        if self._third_party and self._open.reference not in (None, reference):
            self._end_third_party()
        if self._open.reference is None:
            self._open.reference = reference

    def _row(self, line: Cells, text: str) -> None:
        kind = _deduction_kind(line, text)
        if kind is not None and line.places == "A":
            amount = -abs(line.numbers[0])
            self._unsigned = self._unsigned or line.numbers[0] > 0
            self._open.deductions.append(PaperDeduction(kind, clean_text(line.label, 300), line.day, amount))
        elif line.places not in _WHOLE_LINE and (self._allowances or _SPELL.match(_before(text, line))):
            self._allowance(line, text)
        elif (line.label and _LEFT_OVER.search(line.label) is None and (line.day or line.places in _WHOLE_LINE)
              and (columns := _columns(line)) is not None):
            paid, base, rate, refunded = columns
            self._open.lines.append(PaperLine(
                self._patient, line.day, clean_text(line.label, 300), line.code, paid, base, rate, refunded))
        else:
            self._doubt(line)

    def _allowance(self, line: Cells, text: str) -> None:
        spell = _SPELL.match(_before(text, line))
        days = (as_day(spell[2]), as_day(spell[3])) if spell else (None, None)
        if spell is None or days[0] is None or days[1] is None or line.places not in ("NAA", "AA", "A", "NA"):
            self._doubt(line)
            return
        label = re.split(r"(?i)(?:^|\s+)du\s+\d\d/", line.text)[0]
        daily = line.numbers[0] if len(line.numbers) == 2 else None
        self._open.allowances.append(PaperAllowance(
            clean_text(label, 300) or "Indemnités journalières", days[0], days[1],
            line.counts[0] if line.counts else None, daily, line.numbers[-1]))

    def _doubt(self, line: Cells) -> None:
        columns = len(line.numbers) + len(line.rates)
        fr, en = (f" de {columns} montants ou taux", f" of {columns} amounts or rates") if columns else ("", "")
        self._statement.doubts.append((
            f"une ligne{fr} n'a pas la forme attendue", f"a line{en} is not of the expected form"))

    def _close(self, day: date | None, amount: Decimal | None) -> None:
        self._allowances = False
        if day is None or amount is None:
            self._statement.doubts.append(("un total est illisible", "a total cannot be read"))
            return
        payment = self._open
        payment.paid_on, payment.amount = day, amount
        self._check(payment)
        last = self._statement.payments[-1] if self._statement.payments else None
        if last is not None and self._statement.kind == "payment" and last.paid_on == day and last.to == payment.to:
            # One total per person: together they are the payment.
            last.lines += payment.lines
            last.deductions += payment.deductions
            last.allowances += payment.allowances
            last.amount += amount
        elif payment.lines or payment.deductions or payment.allowances:
            self._statement.payments.append(payment)
        elif amount:
            self._statement.doubts.append((
                "un paiement n'a aucune ligne lisible", "a payment has no line that can be read"))
        self._open = self._fresh()

    def _check(self, payment: PaperPayment) -> None:
        """Doubt what cannot be: care after its payment; something withheld, without a minus, that is not in the sum."""
        last = max(payment.paid_on, self._statement.paid_on or payment.paid_on)
        printed = payment.to == "assure"  # that of a third party is computed from its reference
        if printed and any(line.act_date is not None and line.act_date > last for line in payment.lines):
            self._statement.doubts.append(("un soin est daté d'après son paiement", "care is dated after its payment"))
        if self._unsigned and (payment.to == "tiers" or payment.total != payment.amount):
            self._statement.doubts.append((
                "une retenue est imprimée sans signe moins", "an amount withheld is printed without its minus"))
        self._unsigned = False

    def _end_third_party(self) -> None:
        """A third party's payment prints no total: its lines make it, the title or the reference dates it."""
        payment = self._open
        if not self._third_party or not payment.lines:
            return
        self._open = self._fresh()
        day = self._statement.paid_on or reference_day(payment.reference)
        if day is None:
            self._statement.doubts.append((
                "le jour d'un paiement à un professionnel n'est pas imprimé",
                "the day of a payment to a professional is not printed"))
            return
        payment.paid_on, payment.amount = day, payment.total
        self._check(payment)
        self._statement.payments.append(payment)

    def end(self) -> None:
        """After the last line: what is left open is a doubt."""
        statement = self._statement
        self._end_third_party()
        if self._open.lines or self._open.deductions or self._open.allowances:
            statement.doubts.append(("il manque le total d'un paiement", "the total of a payment is missing"))
        if not statement.payments and not statement.doubts:
            statement.doubts.append((
                "aucune ligne de paiement n'a été reconnue", "no line of a payment was recognised"))
        if statement.doubts:
            statement.payments = []
        if statement.paid_on is None and statement.kind == "payment" and statement.payments:
            statement.paid_on = statement.payments[0].paid_on
            statement.month = statement.paid_on.replace(day=1)


def reference_day(reference: str | None) -> date | None:
    """The day of the payment order in a reference: its number begins with year and day of year (own reading of
    public samples, right to the day in those that could be checked)."""
    number = (reference or "").rpartition(" ")[2]
    if not re.fullmatch(r"\d{12,13}", number) or not 1 <= int(number[2:5]) <= 366:
        return None
    new_year = date(2000 + int(number[:2]), 1, 1)
    day = date.fromordinal(new_year.toordinal() + int(number[2:5]) - 1)
    return day if day.year == new_year.year else None


def _deduction_kind(line: Cells, text: str) -> DeductionKind | None:
    if line.code in _DEDUCTION_CODES:
        return _DEDUCTION_CODES[line.code]
    if "participation forfaitaire" in text:
        return "participation"
    if "franchise" in text:
        return "franchise"
    if line.places == "A" and line.numbers[0] < 0:
        return "franchise" if any(word in text for word in _DEFERRED) else "other"
    return None


def _columns(line: Cells) -> tuple[Decimal | None, Decimal | None, Decimal | None, Decimal] | None:
    """Paid, base, rate and refunded; the top-up's own rate and amount, which some statements add, are left aside."""
    amounts, rates = line.numbers, line.rates
    if line.places in _WHOLE_LINE:
        return amounts[0], amounts[1], rates[0], amounts[2]
    if line.places == "ARA":
        return (None, amounts[0], rates[0], amounts[1]) if _makes(amounts[0], rates[0], amounts[1]) else None
    if line.places == "AAA":
        return amounts[0], amounts[1], None, amounts[2]
    return (None, None, None, amounts[0]) if line.places == "A" else None


def _makes(base: Decimal, rate: Decimal, refunded: Decimal) -> bool:
    return abs(base * rate / 100 - refunded) <= ROUNDING


def _before(text: str, line: Cells) -> str:
    """A line's plain text without its columns."""
    return " ".join(text.split()[: len(text.split()) - _words_of_columns(text, line)])


def _words_of_columns(text: str, line: Cells) -> int:
    words = text.split()
    taken = 0
    while taken < len(words) and re.fullmatch(r"[-+\u2212]?[\d.]+(?:,\d\d)?|%|€|[-+\u2212]", words[-1 - taken]):
        taken += 1
    return taken
