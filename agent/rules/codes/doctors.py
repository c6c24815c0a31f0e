"""Doctors: consultations, visits, exams and what is added to them."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts

_SAME = "="
"""In the column of sector 2: the same tariff in every sector."""


def doctors() -> Iterator[Act]:
    """Consultations, visits, opinions and exams."""
    # Codes; tariff in sector 1 and OPTAM; tariff of the ordinary specialist's kind without OPTAM.
    for codes, tariff, lower in (
        ("G GS C", "gp", "sector_2"),
        ("G/CHILD", "gp", "sector_2_child"),
        ("CCX", "child_complex", ""),
        ("CCE CCX/VERY", "child_very_complex", ""),
        ("C/SECTOR-2", "specialist_sector_2", _SAME),
        ("PAED/S2-UNDER-6", "paediatrician_sector_2_under_6", _SAME),
        ("PAED/S2-FROM-6", "paediatrician_sector_2_from_6", _SAME),
        ("TCG", "teleconsultation_gp", _SAME),
        ("V VG", "home_visit", ""),
        ("VL", "home_visit_long", ""),
        ("VSP", "home_visit_palliative", ""),
        ("ASE", "child_in_care", _SAME),
        ("CSE", "child_special", _SAME),
        ("MPH", "handicap_file", _SAME),
        ("CTE", "neuro_development", _SAME),
        ("TE2", "tele_expertise_answer", _SAME),
        ("CS/PAEDIATRIC-EXPERT", "paediatric_expert", ""),
        ("CS/MENOPAUSE", "", ""),
    ):
        yield from _fees(codes, tariff, lower)
    for codes, tariff, lower, ages in (
        ("COA", "sector_2_from_6", _SAME, "school_child"),
        ("COV", "sector_2_under_6", _SAME, "child_supplement"),
        ("CSO", "child_special", _SAME, "child_obesity"),
        ("GL1 GL2 GL3", "long_over_80", "", "old_patient"),
        ("CEH CS/PAEDIATRICIAN-UNDER-2", "paediatrician_under_2", "paediatrician_sector_2_under_6", "infant"),
        ("CEK CS/PAEDIATRICIAN-2-TO-6", "paediatrician_2_to_6", "paediatrician_sector_2_under_6", "toddler"),
        ("CEG CS/PAEDIATRICIAN-OVER-6", "paediatrician_over_6", "paediatrician_sector_2_from_6", "school_child"),
    ):
        yield from _fees(codes, tariff, lower, ages)
    yield from acts(
        Kind.DOCTOR, "doctor", "CS/PAEDIATRICIAN", "consultation.paediatrician_over_6", free_price=True,
        lower="consultation.paediatrician_sector_2_from_6",
    )  # fmt: skip
    yield from acts(Kind.DOCTOR, "doctor", "TC", free_price=True)
    yield from acts(Kind.DOCTOR, "full", "RQD", "consultation.tele_expertise")
    yield from _specialists()
    yield from _exams()


def _fees(codes: str, tariff: str, lower: str, ages: str = "") -> Iterator[Act]:
    whole = f"consultation.{tariff}" if tariff else ""
    less = whole if lower == _SAME else f"consultation.{lower}" if lower else ""
    yield from acts(Kind.DOCTOR, "doctor", codes, whole, free_price=True, lower=less, ages=(ages,) if ages else ())


def _specialists() -> Iterator[Act]:
    # Codes; tariff within the pathway; out of it; sector 2 without OPTAM.
    for codes, tariff, alone, lower in (
        ("CS", "specialist", "specialist_alone", "specialist_sector_2"),
        ("CSC", "cardiologist", "cardiologist_alone", "cardiologist_sector_2"),
        ("CS/NEUROLOGIST", "psychiatrist", "psychiatrist_alone", "psychiatrist_sector_2"),
    ):
        yield from acts(
            Kind.DOCTOR, "doctor", codes, f"consultation.{tariff}", free_price=True, alone=f"consultation.{alone}",
            lower=f"consultation.{lower}",
        )  # fmt: skip
    for codes, tariff, ages in (
        ("CNPSY CNP CS/PSYCHIATRIST", "psychiatrist", ()),
        ("CNPSY/YOUNG", "psychiatrist_young", ("young_psychiatry",)),
        ("CNPSY/CHILD", "psychiatrist_child", ("child",)),
    ):
        yield from acts(
            Kind.DOCTOR, "doctor", codes, f"consultation.{tariff}", free_price=True, young_direct=True, ages=ages,
            alone="consultation.psychiatrist_alone" if tariff == "psychiatrist" else "",
            lower="consultation.psychiatrist_sector_2",
        )  # fmt: skip
    for code, tariff in (
        ("GYNAECOLOGIST", "gynaecologist"),
        ("OPHTHALMOLOGIST", "specialist"),
        ("STOMATOLOGIST", "specialist"),
    ):
        yield from acts(
            Kind.DOCTOR, "doctor", f"CS/{code}", f"consultation.{tariff}", free_price=True, direct=True,
            lower="consultation.specialist_sector_2",
        )  # fmt: skip
    for codes, tariff, lower in (
        ("CS/GERIATRICIAN", "geriatrician", "specialist_sector_2"),
        ("CS/GERIATRICIAN-LONG", "geriatrician_long", ""),
        ("CDE CS/MELANOMA", "dermatologist_melanoma", ""),
        ("CS/ENDOCRINOLOGIST", "endocrinologist_complex", "endocrinologist_complex_sector_2"),
        ("APC APV", "consultant_opinion", "consultant_opinion"),
        ("APY", "consultant_opinion_psychiatrist", "consultant_opinion_psychiatrist"),
        ("APU", "consultant_opinion_professor", "consultant_opinion_professor"),
        ("CNP2/MCY", "psychiatrist_urgent", "psychiatrist_urgent"),
        ("MCY", "rehabilitation_urgent", ""),
        ("TCS", "teleconsultation_specialist", ""),
    ):
        yield from acts(
            Kind.DOCTOR, "doctor", codes, f"consultation.{tariff}", free_price=True, within=True,
            lower=f"consultation.{lower}" if lower else "",
        )  # fmt: skip


def _exams() -> Iterator[Act]:
    school, check_up = (tuple(f"{name}_{period}" for period in range(1, 5)) for name in ("school_exam", "check_up"))
    for codes, tariff, ages in (
        ("COE COE/CERTIFICATE", "child_exam", ("early_exam",)),
        ("COD", "child_exam_other", ("early_exam",)),
        ("COB", "child_exam_older", school),
        ("COH COE/PAEDIATRICIAN", "child_exam_paediatrician", ("infant",)),
        ("COK", "child_exam_paediatrician_2_to_6", ("toddler",)),
        ("COG", "child_exam_paediatrician_over_6", ("school_child",)),
    ):
        yield from acts(Kind.DOCTOR, "full", codes, f"consultation.{tariff}", direct=True, exempt=True, ages=ages)
    for codes, tariff, ages in (
        ("RDV", "prevention_check_up", check_up),
        ("CCP", "first_contraception", ("first_contraception",)),
        ("IMT", "long_illness_file", ()),
    ):
        yield from acts(Kind.DOCTOR, "full", codes, f"consultation.{tariff}", direct=True, ages=ages)
    yield from acts(Kind.DOCTOR, "doctor", "P", free_price=True)
    yield from acts(Kind.FEE, "not_refundable", "DE")


def supplements() -> Iterator[Act]:
    """What is added to a consultation or a visit."""
    for codes, name in (
        ("MCG", "gp_coordination"),
        ("MMG", "gp_flat"),
        ("MPC", "specialist_flat"),
        ("MCS", "specialist_coordination"),
        ("MCC", "cardiologist_coordination"),
        ("MP/YOUNG", "psychiatrist_young"),
    ):
        yield from acts(Kind.SUPPLEMENT, "doctor", codes, f"supplement.{name}", contracted=True)
    for codes, name in (
        ("MCE", "endocrinologist"),
        ("MD", "visit_travel"),
        ("MDM", "visit_travel_mountain"),
        ("MDD", "visit_sunday"),
        ("MDN", "visit_night"),
        ("MDI", "visit_deep_night"),
        ("MU", "visit_urgent"),
        ("F", "sunday_urgent"),
        ("MN", "night"),
        ("MM", "deep_night"),
        ("CRN", "regulated_night"),
        ("CRM", "regulated_deep_night"),
        ("CRD", "regulated_sunday"),
        ("VRS", "visit_regulated_saturday"),
        ("VRN", "visit_regulated_night"),
        ("VRM", "visit_regulated_deep_night"),
        ("VRD", "visit_regulated_sunday"),
        ("MHP", "out_of_hours"),
        ("MSH MIC", "after_hospital"),
        ("MIS PIV", "first_information"),
        ("MUT", "urgent_referral"),
        ("MRT", "regulation"),
        ("SNP", "access_service"),
        ("SHE", "evening"),
        ("MVR", "fast_visit"),
        ("M", "urgent_technical"),
    ):
        yield from acts(Kind.SUPPLEMENT, "doctor", codes, f"supplement.{name}")
    for code, name, ages in (("MEG", "child_under_6", "child_supplement"), ("MOP", "over_80_not_own", "old_patient")):
        yield from acts(Kind.SUPPLEMENT, "doctor", code, f"supplement.{name}", ages=(ages,))
    for code, name in (("IK", "mileage"), ("IK/MOUNTAIN", "mileage_mountain")):
        yield from acts(
            Kind.SUPPLEMENT, "doctor", code, f"supplement.{name}", key=True, free=f"supplement.{name}_free"
        )
