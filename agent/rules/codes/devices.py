"""Devices, wheelchairs and telemonitoring."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts


def devices() -> Iterator[Act]:
    yield from acts(Kind.DEVICE, "device", "MAD PAN AAR MAC VEH")
    yield from acts(Kind.DEVICE, "telemonitoring", "MAD/TELEMONITORING MAD/DIGITAL")
    for code, name in (("MAD/HAIR-PROSTHESIS-2", "hair_prosthesis"), ("VEH/SHORT-RENTAL", "wheelchair_rental")):
        yield from acts(Kind.DEVICE, "device", code, free_price=True, basket=f"top_up.basket_{name}")
