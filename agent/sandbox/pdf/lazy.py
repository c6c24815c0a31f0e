"""The PDFs the service hands out. Imported when the first one is asked for: drawing them needs a heavy library."""

from datetime import date

from agent.sandbox.model import Household, Person, SandboxPayment


class PdfPapers:
    """Draws each paper when it is asked for."""

    def payment(self, household: Household, payment: SandboxPayment) -> bytes:
        """The décompte of one payment."""
        from agent.sandbox.pdf import make_pdf_payment

        return make_pdf_payment(household, payment)

    def statement(self, household: Household, month: date) -> bytes:
        """The statement of one month."""
        from agent.sandbox.pdf import make_pdf_statement

        return make_pdf_statement(household, month)

    def attestation(self, household: Household, person: Person | None, today: date) -> bytes:
        """The certificate of one person, or of the family."""
        from agent.sandbox.pdf import make_pdf_attestation

        return make_pdf_attestation(household, person, today)
