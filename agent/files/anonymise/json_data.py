"""JSON: keys stay, values are masked by shape; HTML and PDF inside values are masked as such."""

from __future__ import annotations

import binascii
import json
import re
from base64 import b64decode, b64encode

from agent.files.anonymise.html import mask_markup
from agent.files.anonymise.pseudonyms import Disguise
from agent.files.anonymise.tokens import mask
from agent.files.anonymise.urls import mask_address
from config.json_value import JsonValue

_KEY = re.compile(r"[A-Za-z_$][A-Za-z_$.-]*\d{0,2}")
_MARKUP = re.compile(r"\s*<[A-Za-z!/]")
_ADDRESS = re.compile(r"(?:https?:)?//\S+|/[\w-]+/\S*")
_DEEPEST = 60
EMPTY_PDF = b64encode(b"%PDF-1.4\n%%EOF\n").decode()
"""Stands for a PDF inside another file: that a file came is told, what is on it needs a copy of its own."""


def mask_json(text: str, disguise: Disguise) -> str:
    """A JSON document with the same keys. Raises ValueError when it is none."""
    try:
        value = json.loads(text, parse_float=str)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return json.dumps(mask_value(value, disguise), ensure_ascii=False, indent=1)


def mask_value(value: JsonValue, disguise: Disguise, depth: int = 0) -> JsonValue:
    """One value of a JSON document."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {_key(key, disguise): mask_value(inner, disguise, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [mask_value(inner, disguise, depth + 1) for inner in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if -9 <= value <= 9 else int(disguise.digits(str(abs(value))))
    return _text(str(value), disguise)


def _key(key: str, disguise: Disguise) -> str:
    """A name of the document's own; one with data in it (a number, a capital name, spaces) is masked."""
    if _KEY.fullmatch(key) and len(key) <= 60 and not (key.isupper() and len(key) > 3):
        return key
    return mask(key, disguise)


def _text(value: str, disguise: Disguise) -> str:
    if _MARKUP.match(value):
        return mask_markup(value, disguise)
    if _is_pdf(value):
        return EMPTY_PDF
    if _ADDRESS.fullmatch(value):
        return mask_address(value, disguise)
    return mask(value, disguise, keep_numbers=True, free=" " in value.strip())


def _is_pdf(value: str) -> bool:
    """Base64 of a PDF: a file apart, of which its own copy can be made."""
    try:
        return b64decode(value[: min(len(value), 40) // 4 * 4], validate=True).startswith(b"%PDF-")
    except (binascii.Error, ValueError):
        return False
