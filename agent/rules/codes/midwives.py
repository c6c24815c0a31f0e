"""Midwives."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts


def midwives() -> Iterator[Act]:
    """Consultations, key letters, travel."""
    yield from acts(Kind.MIDWIFE, "doctor", "SF", "midwife.key", key=True, free_price=True)
    yield from acts(Kind.MIDWIFE, "doctor", "SP", "midwife.prevention_key", key=True, free_price=True)
    yield from acts(Kind.MIDWIFE, "doctor", "C/MIDWIFE V/MIDWIFE", "midwife.consultation", free_price=True)
    for code, name in (
        ("SF7.5", "perineal_session"),
        ("SF15.6", "pathological_single"),
        ("SF22.6", "pathological_multiple"),
    ):
        yield from acts(Kind.MIDWIFE, "doctor", code, f"midwife.{name}", free_price=True)
    for code, name in (("CCP/MIDWIFE", ""), ("CCP/MIDWIFE-OVERSEAS", "_overseas")):
        yield from acts(Kind.MIDWIFE, "full", code, f"midwife.first_contraception{name}")
    yield from acts(Kind.MIDWIFE, "doctor", "MSF", free_price=True)
    for code, name in (("MD/MIDWIFE", ""), ("MD/MIDWIFE-NIGHT", "_night")):
        yield from acts(Kind.TRAVEL, "doctor", code, f"midwife.travel{name}")
    for code, name in (("IK/MIDWIFE", ""), ("IK/MIDWIFE-MOUNTAIN", "_mountain")):
        yield from acts(Kind.TRAVEL, "doctor", code, f"midwife.kilometre{name}", key=True)
