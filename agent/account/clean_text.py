"""Text from outside, made harmless before anything keeps or shows it."""

import unicodedata

_BIDI = {0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_HARMFUL = {
    **{code: "�" for code in (*range(0x20), *range(0x7F, 0xA0), *_BIDI) if code not in (0x09, 0x0A)},
    0x0D: None,
    0x00AD: None,
    0xFEFF: None,
}


def clean_text(text: str, limit: int = 20_000) -> str:
    """Return ``text`` in NFC, without control, escape or direction-changing characters, at most ``limit`` long.

    Tabs and line feeds stay; other control characters become U+FFFD, so that nothing vanishes unseen.
    """
    cleaned = unicodedata.normalize("NFC", text.translate(_HARMFUL))
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"
