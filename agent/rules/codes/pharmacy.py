"""Medicines and the fees of pharmacists."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts


def pharmacy() -> Iterator[Act]:
    """Medicines by benefit, fees by box and by prescription."""
    for code, rate in (
        ("PH1", "medicine_irreplaceable"),
        ("PH7", "medicine_important"),
        ("PH4", "medicine_moderate"),
        ("PH2", "medicine_weak"),
    ):
        yield from acts(Kind.MEDICINE, rate, code)
    yield from acts(Kind.FEE, "not_refundable", "PHN")
    yield from acts(Kind.FEE, "homeopathy", "PHN/HOMEOPATHY")
    for number, rate in (
        ("1", "medicine_irreplaceable"),
        ("7", "medicine_important"),
        ("4", "medicine_moderate"),
        ("2", "medicine_weak"),
    ):
        yield from acts(Kind.FEE, rate, f"HD{number}", "pharmacy.box")
        yield from acts(Kind.FEE, rate, f"HG{number}", "pharmacy.box_three_months")
    for code, name in (("HDR", "prescription"), ("HDA", "age"), ("HDE", "special_medicine")):
        yield from acts(Kind.FEE, "pharmacy_prescription_fee", code, f"pharmacy.{name}")
    yield from acts(Kind.FEE, "pharmacy_complex_prescription", "HC", "pharmacy.complex_prescription")
    yield from acts(Kind.FEE, "pharmacist_act", "PHARMACIST")
