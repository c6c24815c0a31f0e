"""Technical acts and imaging."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Family, Kind, acts


def technical() -> Iterator[Act]:
    """The commonest technical acts and images by name, the codes that stand for many, and what a machine is paid."""
    yield from acts(Kind.TECHNICAL, "doctor", "ADC ADA ADE ATM ACO", free_price=True)
    yield from acts(Kind.TECHNICAL, "doctor", "K KC", free_price=True, key=True)
    for codes, name, beside in (("ATM/ECG DEQP003", "ecg", True), ("ATM/SMEAR JKHD001", "smear", True),
                                ("ATM/SPIROMETRY GLQP012", "spirometry", False)):
        yield from acts(
            Kind.TECHNICAL, "doctor", codes, f"acts.{name}", free_price=True, lower=f"acts.{name}_outside",
            with_consultation=beside,
        )  # fmt: skip
    for codes, name in (
        ("ATM/COGNITION-TEST ALQP003 ALQP006", "cognition_test"),
        ("ATM/IUD JKLD001 JKKD001", "intrauterine_device"),
        ("ATM/IMPLANT QZGA002", "implant"),
    ):
        yield from acts(Kind.TECHNICAL, "doctor", codes, f"acts.{name}", free_price=True)
    yield from acts(Kind.IMAGING, "doctor", "ADI", free_price=True, family=Family.IMAGING)
    for code, name, family in (("LIMB", "limb_x_ray", Family.X_RAY), ("MRI", "mri", Family.MRI),
                               ("MRI-SHORT", "mri_short", Family.MRI)):
        yield from acts(Kind.IMAGING, "doctor", f"ADI/{code}", f"acts.{name}", free_price=True, family=family)
    for code in ("OLD", "NEW", "REDUCED-1", "REDUCED-2", "REDUCED-3"):
        fee = f"imaging.technical_fee_ct_{code.lower().replace('-', '_')}"
        yield from acts(Kind.FEE, "full", f"FT/CT-{code}", fee)
    yield from acts(Kind.FEE, "full", "FTN FTR FTG FTS FT")
