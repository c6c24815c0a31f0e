"""Whether a PDF is whole: one that is cut, or went through a text on its way, is not."""

from agent.files.formats.pdf_lock import PDFIUM

_TAIL = 2048
"""Bytes at the end in which readers look for the mark of the end (Adobe: 1,024)."""
_LOST = "\ufffd"


def is_damaged_pdf(data: bytes) -> bool:
    """Bytes of it are missing or were replaced, or it does not open. A file without any object is nobody's damage."""
    if b" obj" not in data:
        return False
    return b"%%EOF" not in data[-_TAIL:] or _was_text(data) or not _opens(data)


def _was_text(data: bytes) -> bool:
    """Bytes were read as text and written again: packed parts of a PDF are never UTF-8 from end to end."""
    try:
        return _LOST in data.decode()
    except UnicodeDecodeError:
        return False


def _opens(data: bytes) -> bool:
    import pypdfium2  # 40 ms, and only for a file

    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            return "password" in str(error).lower()
        try:
            return len(document) > 0
        finally:
            document.close()
