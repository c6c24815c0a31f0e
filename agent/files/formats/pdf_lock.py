"""The lock of the library that opens PDFs: it is not made for several threads; two in it at once end the process."""

from threading import RLock

PDFIUM = RLock()
"""Held from the opening of a document to its closing, by whoever opens one."""
