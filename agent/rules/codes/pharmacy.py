"""Medicines and the fees of pharmacists."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts


def pharmacy() -> Iterator[Act]:
    for code, rate in (
        ("PH1", "medicine_irreplaceable"),
        ("PH7", "medicine_important"),
        ("PH4", "medicine_moderate"),
        ("PH2", "medicine_weak"),
    ):
        yield from acts(Kind.MEDICINE, rate, code)
    yield from acts(Kind.FEE, "not_refundable", "PHN")
    yield from acts(Kind.FEE, "homeopathy", "PHN/HOMEOPATHY")
    for codes, rate in (
        ("HD1 HG1", "medicine_irreplaceable"),
        ("HD7 HG7", "medicine_important"),
        ("HD4 HG4", "medicine_moderate"),
        ("HD2 HG2", "medicine_weak"),
        ("HDA HDE HDR HC", ""),
        ("PHARMACIST", "pharmacist_act"),
    ):
        yield from acts(Kind.FEE, rate, codes)
