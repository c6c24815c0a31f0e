"""Technical acts and imaging."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts


def technical() -> Iterator[Act]:
    yield from acts(Kind.TECHNICAL, "doctor", "ADC ADA ADE ATM ACO", free_price=True)
    yield from acts(Kind.TECHNICAL, "doctor", "K KC", free_price=True, key=True)
    for codes, name in (
        ("ATM/ECG DEQP003", "ecg"),
        ("ATM/SMEAR JKHD001", "smear"),
        ("ATM/COGNITION-TEST", "cognition_test"),
        ("ATM/IUD", "intrauterine_device"),
        ("ATM/IMPLANT", "implant"),
        ("ATM/SPIROMETRY", "spirometry"),
    ):
        yield from acts(Kind.TECHNICAL, "doctor", codes, f"acts.{name}", free_price=True)
    yield from acts(Kind.IMAGING, "doctor", "ADI", free_price=True)
    for code, name in (("LIMB", "limb_x_ray"), ("MRI", "mri"), ("MRI-SHORT", "mri_short")):
        yield from acts(Kind.IMAGING, "doctor", f"ADI/{code}", f"acts.{name}", free_price=True)
