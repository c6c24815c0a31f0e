"""Every kind of file that is read, the most certain mark first."""

from agent.files.imports import bank_file, har, insurer_file, statements
from agent.files.imports.model import FileReader

READERS: tuple[FileReader, ...] = (
    statements.READER, har.READER, bank_file.OFX, bank_file.CAMT, bank_file.WORKBOOK, bank_file.QIF, bank_file.MT940,
    insurer_file.READER, bank_file.CSV)
