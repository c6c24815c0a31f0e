"""Bank statements: OFX, camt.053, MT940, QIF, workbooks and the CSV files of French banks. Only what concerns health
is ever given out.

OFX is read tag by tag: a reader that opens no entity and no address cannot be led astray by one, and most banks' files
close no tag, so that none of it is XML. The libraries of other formats are loaded for such a file only.
"""

from agent.files.formats.bank.camt import looks_like_camt, read_camt
from agent.files.formats.bank.csv_file import csv_table, looks_like_csv, plain_table, read_csv
from agent.files.formats.bank.labels import Payer, payer_of, reference_in
from agent.files.formats.bank.model import Line
from agent.files.formats.bank.mt940 import looks_like_mt940, read_mt940
from agent.files.formats.bank.ofx import looks_like_ofx, read_ofx
from agent.files.formats.bank.qif import looks_like_qif, read_qif
from agent.files.formats.bank.said_columns import BadColumns, columns_said, form_of
from agent.files.formats.bank.spreadsheet import looks_like_workbook, read_workbook
from agent.files.formats.bank.table import text_like
from agent.files.formats.bank.take_backs import without_taken_back

__all__ = [
    "BadColumns", "Line", "Payer", "columns_said", "csv_table", "form_of", "looks_like_camt", "looks_like_csv",
    "looks_like_mt940", "looks_like_ofx", "looks_like_qif", "looks_like_workbook", "payer_of", "plain_table",
    "read_camt", "read_csv", "read_mt940", "read_ofx", "read_qif", "read_workbook", "reference_in", "text_like",
    "without_taken_back"]
