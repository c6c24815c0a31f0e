"""Where the amounts of an explanation come from: a name, a day and a link."""

from __future__ import annotations

from ameli_tui.i18n import day, lang
from config.tariffs.citations import Citation, cite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.protocol.prices import PriceStep


def source_text(step: PriceStep) -> str:
    """``service-public.fr · 22/12/2024``: where a step's rule or value was read, and from which day it holds."""
    source = cite(step["source"], step["rule"])
    since = day(source.since.isoformat()) if source.since else ""
    return " · ".join(filter(None, [_name(source), since]))


def source_style(step: PriceStep) -> str:
    """The style of that text: muted, and a link where the source has an address."""
    url = cite(step["source"], step["rule"]).url
    return f'$text-muted link="{url}"' if url else "$text-muted"


def addresses(steps: Iterable[PriceStep]) -> list[str]:
    """``name: address`` of the sources that have one, each once."""
    sources = [cite(step["source"], step["rule"]) for step in steps]
    named = {one.url: f"{_name(one).partition(', ')[0]}{_COLON[lang()]} {one.url}" for one in sources if one.url}
    return [*named.values()]


_COLON = {"fr": "\u202f:", "en": ":"}


def _name(source: Citation) -> str:
    return source.fr if lang() == "fr" else source.en
