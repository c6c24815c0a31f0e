"""The papers the service hands out, drawn to the point like the published sample of a décompte."""

from agent.sandbox.pdf.attestation import make_pdf_attestation
from agent.sandbox.pdf.certificates import make_pdf_provisional, make_pdf_sick_pay, make_pdf_tax
from agent.sandbox.pdf.statements import make_pdf_payment, make_pdf_statement, statement_name

__all__ = [
    "make_pdf_attestation", "make_pdf_payment", "make_pdf_provisional", "make_pdf_sick_pay", "make_pdf_statement",
    "make_pdf_tax", "statement_name",
]
