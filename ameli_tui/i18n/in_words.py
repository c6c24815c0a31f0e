"""Texts that the agent tells in both languages."""

from __future__ import annotations

from ameli_tui.i18n import lang

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def in_words(one: Mapping[str, Any], name: str) -> str:
    """``name_fr`` or ``name_en`` of what the agent told, in the person's language; empty where there is none."""
    return str(one.get(f"{name}_{lang()}") or "")
