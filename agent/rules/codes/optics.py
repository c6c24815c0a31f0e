"""Glasses and hearing aids."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, Traits, acts

_OPTICS, _HEARING = "top_up.basket_optics", "top_up.basket_hearing"
_LENSES_UNDER_18 = "2261874 2243540 2273854 2200393 2283953 2259245"
"""Codes of the list of products, until the classes of 2020."""


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
        ("OPT/FRAME-A", "acts.frame_class_a", {"cap": "acts.frame_class_a_price", "basket": _OPTICS}),
        ("OPT/FRAME-B", "optics.class_b_base", {"limit": "optics.frame_limit"}),
        ("OPT/FRAME", "optics.frame_before", {}),
        ("OPT/FRAME-CHILD", "optics.frame_before_child", {}),
        ("OPT/LENS-A", "", {"cap": "optics.lens_class_a_price_high", "basket": _OPTICS,
                            "share_of_price": "optics.lens_class_a_share"}),
        ("OPT/LENS-B", "optics.class_b_base", {}),
        ("OPT/CONTACTS", "optics.contacts", {}),
        *((f"OPT/{code}", f"optics.lens_{code}", Traits()) for code in _LENSES_UNDER_18.split()),
        ("AUD/CLASS-2", "hearing.class_1_base", {"limit": "hearing.class_2_limit"}),
        ("AUD/CLASS-2-UNDER-20", "hearing.base_under_20", {"limit": "hearing.class_2_limit"}),
        ("AUD/CLASS-1", "hearing.class_1_base", {"cap": "hearing.class_1_price", "basket": _HEARING}),
        ("AUD/CLASS-1-REUNION", "hearing.class_1_base_reunion", {"cap": "hearing.class_1_price_reunion",
                                                                 "basket": _HEARING}),
        ("AUD/CLASS-1-UNDER-20", "hearing.base_under_20", {"cap": "hearing.class_1_price", "basket": _HEARING}),
        ("AUD/UPKEEP", "hearing.upkeep", {}),
    )
    for code, tariff, traits in prices:
        traits["free_price"] = True
        yield from acts(Kind.DEVICE, "device", code, tariff, **traits)
