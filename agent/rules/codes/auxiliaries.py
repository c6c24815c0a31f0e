"""Midwives and the auxiliaries: nurses, physiotherapists, speech therapists, orthoptists, podiatrists."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts


def auxiliaries() -> Iterator[Act]:
    yield from acts(Kind.MIDWIFE, "doctor", "SF", free_price=True)
    yield from acts(Kind.AUXILIARY, "auxiliary", "AMI", "acts.nurse_key", key=True)
    yield from acts(Kind.AUXILIARY, "auxiliary", "AIS", "acts.nurse_care_key", key=True)
    for codes, session in (("AMK AMS AMC", "acts.physio_session"), ("AMK/LONG AMS/LONG", "acts.physio_travel_act")):
        yield from acts(Kind.AUXILIARY, "auxiliary", codes, "acts.physio_key", key=True, session=session)
    yield from acts(Kind.AUXILIARY, "auxiliary", "AMO AMY AMP")
    yield from acts(Kind.AUXILIARY, "auxiliary", "AMK/ASSESSMENT", "acts.physio_assessment")
    for codes, name in (
        ("IFA IFD", "nurse_travel"),
        ("MAU", "nurse_single_act"),
        ("MCI", "nurse_coordination"),
        ("AMI/NIGHT", "nurse_night"),
        ("AMI/DEEP-NIGHT", "nurse_deep_night"),
        ("AMI/SUNDAY", "nurse_sunday"),
        ("IFS", "physio_travel"),
    ):
        yield from acts(Kind.TRAVEL, "auxiliary", codes, f"supplement.{name}")
    yield from acts(Kind.TRAVEL, "auxiliary", "IFI")
