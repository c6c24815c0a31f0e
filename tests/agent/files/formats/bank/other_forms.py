"""The same movements in the forms of files that are no table of text, for tests."""

import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape

from openpyxl import Workbook

from tests.agent.files.formats.bank.files import Movement

OPENING = Decimal("1500.00")
D = Decimal


def comma(amount: Decimal) -> str:
    """As SWIFT and French banks write it."""
    return f"{amount:.2f}".replace(".", ",")


def camt(moves: Sequence[Movement], account: str = "FR7612345", opening: Decimal = OPENING) -> bytes:
    """camt.053 with its balances."""
    def side(amount: Decimal) -> str:
        return "CRDT" if amount >= 0 else "DBIT"

    def balance(code: str, on: date, amount: Decimal) -> str:
        return (f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{abs(amount)}</Amt>"
                f"<CdtDbtInd>{side(amount)}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>")

    first, last = min(on for on, *_ in moves), max(on for on, *_ in moves)
    rows = "".join(
        f"<Ntry><Amt Ccy=\"EUR\">{abs(a)}</Amt><CdtDbtInd>{side(a)}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt>"
        f"<DtTm>{on}T08:00:00+02:00</DtTm></BookgDt><NtryDtls><TxDtls><RltdPties><{'Dbtr' if a >= 0 else 'Cdtr'}><Pty>"
        f"<Nm>{escape(label)}</Nm></Pty></{'Dbtr' if a >= 0 else 'Cdtr'}></RltdPties></TxDtls></NtryDtls></Ntry>"
        for on, a, label in moves)
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">"
            f"<BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id><FrToDt><FrDtTm>{first}T00:00:00</FrDtTm>"
            f"<ToDtTm>{last}T23:59:59</ToDtTm></FrToDt><Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
            f"{balance('OPBD', first, opening)}{balance('CLBD', last, opening + sum(a for _, a, _ in moves))}"
            f"<TxsSummry><TtlNtries><NbOfNtries>{len(moves)}</NbOfNtries></TtlNtries></TxsSummry>{rows}"
            "</Stmt></BkToCstmrStmt></Document>").encode()


def mt940(moves: Sequence[Movement], account: str = "30000/00000000001", opening: Decimal = OPENING) -> bytes:
    """MT940 with its balances, oldest movement first."""
    def balance(tag: str, on: date, amount: Decimal) -> str:
        return f":{tag}:{'C' if amount >= 0 else 'D'}{on:%y%m%d}EUR{comma(abs(amount))}"

    ordered = sorted(moves, key=lambda one: one[0])
    rows = [":20:RELEVE", f":25:{account}", ":28C:1/1", balance("60F", ordered[0][0], opening)]
    for on, amount, label in ordered:
        rows += [f":61:{on:%y%m%d}{on:%m%d}{'C' if amount >= 0 else 'D'}{comma(abs(amount))}NTRFNONREF", f":86:{label}"]
    rows += [balance("62F", ordered[-1][0], opening + sum((a for _, a, _ in moves), D(0))), "-"]
    return "\r\n".join(rows).encode()


def qif(moves: Sequence[Movement]) -> bytes:
    """QIF as French banks write it."""
    rows = ["!Type:Bank"]
    for on, amount, label in moves:
        rows += [f"D{on:%d/%m/%Y}", f"T{comma(amount)}", f"P{label}", "^"]
    return "\r\n".join(rows).encode("cp1252", "replace")


def xlsx(moves: Sequence[Movement]) -> bytes:
    """A workbook with real days and numbers, a line about the account above."""
    return workbook([["Compte de dépôt", None, None], [], ["Date", "Libellé", "Montant"],
                     *([on, label, float(amount)] for on, amount, label in moves)])


def workbook(*sheets: Sequence[Sequence[object]]) -> bytes:
    """XLSX of these sheets."""
    book = Workbook()
    for at, rows in enumerate(sheets):
        sheet = book.active if at == 0 else book.create_sheet()
        assert sheet is not None
        for row in rows:
            sheet.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def ods(moves: Sequence[Movement]) -> bytes:
    """The same as LibreOffice writes it."""
    rows = [["Date", "Libellé", "Montant"], *([on, label, amount] for on, amount, label in moves)]
    return ods_of("".join("<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>" for row in rows))


def ods_of(rows: str) -> bytes:
    """An ODS whose one sheet holds these rows."""
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in (
        "office", "table", "text"))
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", (
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.'
            'spreadsheet"/></manifest:manifest>'))
        archive.writestr("content.xml", (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body><office:spreadsheet>'
            f'<table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>"))
    return file.getvalue()


def _ods_cell(value: object) -> str:
    if isinstance(value, date):
        return (f'<table:table-cell office:value-type="date" office:date-value="{value}"><text:p>x</text:p>'
                "</table:table-cell>")
    if isinstance(value, Decimal):
        return (f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
                "</table:table-cell>")
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


FORMS: tuple[Callable[[Sequence[Movement]], bytes], ...] = (camt, mt940, qif, xlsx, ods)
