"""Doctors: consultations, visits, exams and what is added to them."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts


def doctors() -> Iterator[Act]:
    for codes, tariff in (
        ("G GS C", "gp"),
        ("CS", "specialist"),
        ("TCG", "teleconsultation_gp"),
        ("V VG", "home_visit"),
        ("VL", "home_visit_long"),
        ("APC APV", "consultant_opinion"),
        ("APY", "consultant_opinion_psychiatrist"),
        ("APU", "consultant_opinion_professor"),
        ("CSO CSE ASE", "child_special"),
        ("MPH CTE", "long_file"),
        ("RQD", "tele_expertise"),
        ("CS/GERIATRICIAN", "geriatrician"),
        ("CS/GERIATRICIAN-LONG", "geriatrician_long"),
        ("CS/PAEDIATRICIAN-UNDER-2", "paediatrician_under_2"),
        ("CS/PAEDIATRICIAN-2-TO-6", "paediatrician_2_to_6"),
        ("CS/PAEDIATRICIAN CS/PAEDIATRICIAN-OVER-6", "paediatrician_over_6"),
        ("CS/MELANOMA", "dermatologist_melanoma"),
        ("CS/ENDOCRINOLOGIST", "endocrinologist_complex"),
        ("CCX", "child_complex"),
        ("CCX/VERY", "child_very_complex"),
    ):
        yield from acts(Kind.DOCTOR, "doctor", codes, f"consultation.{tariff}", free_price=True)
    yield from acts(Kind.DOCTOR, "doctor", "TC", free_price=True)
    yield from acts(
        Kind.DOCTOR, "doctor", "GL1 GL2 GL3", "consultation.long_over_80", free_price=True, ages=("old_patient",)
    )
    for code, tariff in (
        ("GYNAECOLOGIST", "gynaecologist"),
        ("OPHTHALMOLOGIST", "specialist"),
        ("STOMATOLOGIST", "specialist"),
    ):
        yield from acts(Kind.DOCTOR, "doctor", f"CS/{code}", f"consultation.{tariff}", free_price=True, direct=True)
    for codes, tariff, ages in (
        ("CNPSY CNP", "psychiatrist", ()),
        ("CNPSY/YOUNG", "psychiatrist_young", ("young_psychiatry",)),
    ):
        yield from acts(
            Kind.DOCTOR, "doctor", codes, f"consultation.{tariff}", free_price=True, young_direct=True, ages=ages
        )
    yield from _exams()


def _exams() -> Iterator[Act]:
    school, check_up = (tuple(f"{name}_{period}" for period in range(1, 5)) for name in ("school_exam", "check_up"))
    for codes, tariff, ages in (
        ("COE COE/CERTIFICATE", "child_exam", ("early_exam",)),
        ("COE/PAEDIATRICIAN", "child_exam_paediatrician", ()),
        ("COD", "child_exam_other", ("early_exam",)),
        ("COB", "child_exam_older", school),
    ):
        yield from acts(Kind.DOCTOR, "full", codes, f"consultation.{tariff}", direct=True, exempt=True, ages=ages)
    for codes, tariff, ages in (
        ("RDV", "prevention_check_up", check_up),
        ("CCP", "first_contraception", ("first_contraception",)),
        ("IMT", "long_file", ()),
    ):
        yield from acts(Kind.DOCTOR, "full", codes, f"consultation.{tariff}", direct=True, ages=ages)
    yield from acts(Kind.DOCTOR, "doctor", "P", free_price=True)
    yield from acts(Kind.FEE, "not_refundable", "DE")


def supplements() -> Iterator[Act]:
    yield from acts(Kind.SUPPLEMENT, "doctor", "MCS MPC", included=True)
    for codes, name in (
        ("MCG", "gp_coordination"),
        ("MD", "visit_travel"),
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
        yield from acts(Kind.SUPPLEMENT, "doctor", code, f"supplement.{name}", key=True, free=f"supplement.{name}_free")
