"""Files of a bank or a spreadsheet in a form that is not read: told apart, so that the answer names one that is."""

import re

_HEAD = 4096
_QIF = re.compile(rb"^(?:\xef\xbb\xbf)?\s*!(?:Type|Account|Option|Clear):", re.IGNORECASE)
_CAMT = re.compile(rb"camt\.05[234]")
_MT940 = re.compile(rb"(?:^|\n)\s*:20:.*?\n:(?:25|60[FM]|61):", re.DOTALL)
_OLD_SHEET = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ZIP = b"PK\x03\x04"


def other_format(data: bytes) -> str | None:
    """The name of such a form; None for anything else."""
    head = data[:_HEAD]
    if head.startswith(_ZIP):
        return "ODS" if _ODS in head else "XLSX" if b"xl/workbook" in data else None
    if head.startswith(_OLD_SHEET):
        return "XLS"
    if _QIF.match(head):
        return "QIF"
    if _CAMT.search(head):
        return "camt.053"
    return "MT940" if _MT940.search(head.replace(b"\r\n", b"\n")) else None
