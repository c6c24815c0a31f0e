"""Medical transport: ambulances, light vehicles, taxis, one's own car."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts

_TAXI_DEPARTEMENTS = ("hauts_de_seine", "calvados", "ain", "nord", "lozere")


def transport() -> Iterator[Act]:
    """Flat fees, supplements and kilometres, vehicle by vehicle."""
    yield from acts(Kind.TRANSPORT, "transport", "VSL TXI ABA")
    yield from acts(Kind.TRANSPORT, "transport", "VP VP/PUBLIC-TRANSPORT", exempt=True)
    for code, name in (
        ("VSL/ZONE-A", "light_zone_a"),
        ("VSL/ZONE-B", "light_zone_b"),
        ("VSL/ZONE-C", "light_zone_c"),
        ("VSL/ZONE-D", "light_zone_d"),
        ("VSL/PEC", "light_paris"),
        ("ABA/DEPT", "ambulance_departement"),
        ("ABA/AGGLO", "ambulance_town"),
        ("ABA/PEC", "ambulance_pickup"),
        ("TXI/FLAT", "taxi"),
    ):
        yield from acts(Kind.TRANSPORT, "transport", code, f"transport.{name}")
    # What is billed beside the flat fee of the same trip carries no franchise of its own.
    for code, name in (
        ("VSL/SHORT-7", "light_short_7"),
        ("ABA/SHORT-5", "ambulance_short_5"),
        ("TXI/BIG-CITY", "taxi_big_city"),
        ("TXI/PMR", "taxi_reduced_mobility"),
        ("TXI/OVERSEAS", "taxi_overseas"),
    ):
        yield from acts(Kind.TRANSPORT, "transport", code, f"transport.{name}", exempt=True)
    yield from acts(Kind.TRANSPORT, "transport", "TXI/NIGHT", "transport.taxi_night", exempt=True, percent=True)
    yield from _kilometres("VSL/KM", "light_kilometre", "flat_kilometres")
    yield from _kilometres("ABA/KM", "ambulance_kilometre", "flat_kilometres")
    for name in _TAXI_DEPARTEMENTS:
        code = f"TXI/KM-{name.upper().replace('_', '-')}"
        yield from _kilometres(code, f"taxi_kilometre_{name}", "taxi_kilometres")


def _kilometres(code: str, name: str, free: str) -> Iterator[Act]:
    """The whole trip is written behind the code; the kilometres within the flat fee are taken off."""
    yield from acts(
        Kind.TRANSPORT, "transport", code, f"transport.{name}", key=True, free=f"transport.{free}", exempt=True
    )
