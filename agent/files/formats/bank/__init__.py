"""Bank statements: OFX and the CSV files of French banks. Only what concerns health is ever given out.

OFX is read tag by tag: a reader that opens no entity and no address cannot be led astray by one, and most banks' files
close no tag, so that none of it is XML.
"""

from agent.files.formats.bank.csv_file import looks_like_csv, read_csv
from agent.files.formats.bank.labels import Payer, payer_of, reference_in
from agent.files.formats.bank.model import Line
from agent.files.formats.bank.ofx import looks_like_ofx, read_ofx

__all__ = ["Line", "Payer", "looks_like_csv", "looks_like_ofx", "payer_of", "read_csv",
           "read_ofx", "reference_in"]
