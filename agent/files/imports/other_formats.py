"""Files of a bank or a spreadsheet in a form that is not read: told apart, so that the answer names one that is."""

import re

from agent.files.imports.errors import LockedWorkbook, OtherFormat, PictureFile, UnknownFile, WebPageFile

_HEAD = 4096
_CAMT = re.compile(rb"camt\.05[24]")
_MT942 = re.compile(rb"(?:^|\n)\s*:20:.*?\n:(?:34F|13D?):", re.DOTALL)
_OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_NUMBERS = b"Index/Document.iwa"
_ZIP = b"PK\x03\x04"
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_PAGES = (b"<!doctype html", b"<html")
_RTF = b"{\\rtf"


def other_format(data: bytes) -> UnknownFile | None:
    """What to tell of such a file; None for anything else."""
    head = data[:_HEAD]
    if head.startswith(_PICTURES) or head[4:8] == b"ftyp":
        return PictureFile()
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:14].lower().startswith(_PAGES):
        return WebPageFile()
    if head.startswith(_ZIP):
        return OtherFormat(form="Numbers") if _NUMBERS in data else None
    if head.startswith(_OLD_CONTAINER):
        return LockedWorkbook() if _LOCKED in data else OtherFormat(form="XLS")
    if head.startswith(_RTF):
        return OtherFormat(form="RTF")
    if (camt := _CAMT.search(head.replace(b"\x00", b""))) is not None:
        return OtherFormat(form=camt[0].decode())
    return OtherFormat(form="MT942") if _MT942.search(head.replace(b"\r\n", b"\n")) else None
