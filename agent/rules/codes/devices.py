"""Devices, wheelchairs and telemonitoring."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts


def devices() -> Iterator[Act]:
    """Devices by the letters of their list, wheelchairs by kind."""
    yield from acts(Kind.DEVICE, "device", "MAD PAN AAR MAC MAC/SOLES")
    yield from acts(Kind.DEVICE, "wheelchair", "VEH")
    for code, name in (
        ("STANDING", "standing"),
        ("ACTIVE", "active"),
        ("UPKEEP-MANUAL", "upkeep_manual"),
        ("UPKEEP-ELECTRIC", "upkeep_electric"),
    ):
        yield from acts(Kind.DEVICE, "wheelchair", f"VEH/{code}", f"wheelchair.{name}")
    yield from acts(Kind.DEVICE, "telemonitoring", "MAD/TELEMONITORING MAD/DIGITAL")
    yield from acts(
        Kind.DEVICE, "device", "MAD/HAIR-PROSTHESIS-2", free_price=True, basket="top_up.basket_hair_prosthesis"
    )
    yield from acts(
        Kind.DEVICE, "device", "VEH/SHORT-RENTAL", free_price=True, basket="top_up.basket_wheelchair_rental"
    )
