"""Glasses and hearing aids."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, Traits, acts


def optics() -> Iterator[Act]:
    """Pairs, frames, lenses, and hearing aids by class."""
    yield from acts(Kind.DEVICE, "device", "OPT AUD", free_price=True)
    for size in "abcdef":
        pair = f"optics.pair_{size}"
        yield from acts(
            Kind.DEVICE, "device", f"OPT/PAIR-{size.upper()}", free_price=True, limit=f"{pair}_ceiling",
            floor=f"{pair}_floor",
        )  # fmt: skip
    prices: tuple[tuple[str, str, Traits], ...] = (
        ("OPT/FRAME-A", "acts.frame_class_a", {"cap": "acts.frame_class_a_price"}),
        ("OPT/FRAME-B", "", {"limit": "optics.frame_limit"}),
        ("OPT/LENS-A", "", {"cap": "optics.lens_class_a_price_high"}),
        ("OPT/LENS-B", "", {}),
        ("AUD/CLASS-2", "", {"limit": "hearing.class_2_limit"}),
        ("AUD/CLASS-1", "hearing.class_1_base", {"cap": "hearing.class_1_price"}),
        ("AUD/CLASS-1-REUNION", "hearing.class_1_base_reunion", {"cap": "hearing.class_1_price_reunion"}),
        ("AUD/CLASS-1-UNDER-20", "hearing.base_under_20", {"cap": "hearing.class_1_price"}),
    )
    for code, tariff, traits in prices:
        traits["free_price"] = True
        yield from acts(Kind.DEVICE, "device", code, tariff, **traits)
