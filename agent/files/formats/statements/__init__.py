"""The fund's PDF statements, of one payment or of a month, read by the position of their words.

The layout is that of public samples of 2014 to 2019; that of today's monthly statement was never published. So what
cannot be read with certainty is not guessed: the statement then has no payments and says why.
"""

from agent.files.formats.statements.model import PaperLine, PaperPayment, Patient, Statement
from agent.files.formats.statements.reader import looks_like_pdf, read_statement, reference_day

__all__ = ["PaperLine", "PaperPayment", "Patient", "Statement", "looks_like_pdf", "read_statement", "reference_day"]
