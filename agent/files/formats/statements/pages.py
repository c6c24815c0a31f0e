"""The pages of a PDF, as words and where they stand, within bounds."""

from agent.files.formats.pdf_words import Overgrown, Page, read_upright
from agent.files.formats.statements.errors import StatementUnreadable

MOST_PAGES = 60


def pages_of(data: bytes) -> list[Page]:
    """Every page of a file; call it with PDFium's lock held. Raises StatementUnreadable."""
    import pypdfium2  # 40 ms, and only for a file

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
        document.close()
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise StatementUnreadable(
                why_fr="il est protégé par un mot de passe", why_en="it has a password",
                do_fr="Ouvrez-le et enregistrez-le sans protection.", do_en="Open it and save it without protection.",
            ) from None
        raise _damaged() from None
    if not count:
        raise _damaged()
    if count > MOST_PAGES:
        raise StatementUnreadable(
            why_fr=f"il a {count} pages, plus que {MOST_PAGES}", why_en=f"it has {count} pages, more than {MOST_PAGES}",
            do_fr="Donnez les relevés un par un.", do_en="Give the statements one by one.")
    try:
        return read_upright(data, MOST_PAGES)
    except Overgrown:
        raise StatementUnreadable(
            why_fr="il contient bien plus qu'un relevé", why_en="it holds far more than a statement",
            do_fr="Prenez le fichier téléchargé du compte ameli.",
            do_en="Take the file as downloaded from the ameli account.") from None
    except ValueError:
        raise _damaged() from None


def _damaged() -> StatementUnreadable:
    return StatementUnreadable(
        why_fr="il est abîmé ou incomplet", why_en="it is damaged or incomplete",
        do_fr="Téléchargez-le de nouveau.", do_en="Download it again.")
