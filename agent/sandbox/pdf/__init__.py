"""The papers the service hands out, drawn to the point like the published sample of a décompte."""

from agent.sandbox.pdf.attestation import make_pdf_attestation
from agent.sandbox.pdf.statements import make_pdf_payment, make_pdf_statement, statement_name

__all__ = ["make_pdf_attestation", "make_pdf_payment", "make_pdf_statement", "statement_name"]
