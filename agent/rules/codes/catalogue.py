"""Every code the engine knows, group by group: which tariff and which rate of the tables each takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict, Unpack


class Kind(StrEnum):
    """What a rule asks about an act."""

    DOCTOR = "doctor"
    TECHNICAL = "technical"
    IMAGING = "imaging"
    SUPPLEMENT = "supplement"
    DENTAL = "dental"
    PROSTHESIS = "prosthesis"
    MIDWIFE = "midwife"
    AUXILIARY = "auxiliary"
    TRAVEL = "travel"
    BIOLOGY = "biology"
    SAMPLING = "sampling"
    MEDICINE = "medicine"
    FEE = "fee"
    DEVICE = "device"
    TRANSPORT = "transport"
    STAY = "stay"
    DAY_CHARGE = "day_charge"
    EMERGENCY = "emergency"
    PSYCHOLOGIST = "psychologist"
    SICK_PAY = "sick_pay"
    DEDUCTION = "deduction"


_FRANCHISES = {Kind.MEDICINE: "drug_box", Kind.AUXILIARY: "auxiliary_act", Kind.TRANSPORT: "transport_trip"}


@dataclass(frozen=True, slots=True)
class Act:
    """One code. ``tariff`` and ``rate`` name parameters of the tables; no tariff means that the tables have
    none, so that only a base, or a price above which nothing may be asked, can stand for it; no rate that none was
    published."""

    code: str
    kind: Kind
    rate: str
    tariff: str = ""
    key: bool = False
    """The tariff is a key letter, multiplied by the coefficient written behind the code."""
    session: str = ""
    """Parameter of the coefficient when none is written."""
    free: str = ""
    """Parameter of what is taken off the coefficient: the kilometres that are not paid."""
    free_price: bool = False
    """The professional may ask more than the tariff: without a tariff the base must be given."""
    direct: bool = False
    """Seen without a letter of the treating doctor, coordinated all the same."""
    young_direct: bool = False
    """Seen without a letter up to 25 years."""
    included: bool = False
    """Counted in the act it is billed with."""
    cap: str = ""
    """100 % Santé: parameter of the highest price; the person pays nothing up to it."""
    limit: str = ""
    """Parameter of the most that a responsible contract gives, the fund's part included."""
    floor: str = ""
    """Parameter of the least that a responsible contract gives when it pays such things above the base."""
    basket: str = ""
    """Parameter that says from when it is in the 100 % Santé basket, at a price cap that was not found."""
    most: str = ""
    """Parameter of the most units that the fund pays."""
    ages: tuple[str, ...] = ()
    """Periods of life in which the code may be billed: ``age.NAME_from`` and ``age.NAME_until`` of the tables."""
    exempt: bool = False
    """Carries neither participation nor franchise although its kind does (L160-13)."""

    @property
    def participation(self) -> bool:
        """Whether the act carries the participation forfaitaire (L160-13 II)."""
        return self.kind in {Kind.DOCTOR, Kind.TECHNICAL, Kind.IMAGING, Kind.BIOLOGY} and not self.exempt

    @property
    def franchise(self) -> str:
        """Parameter of its franchise, or nothing (L160-13 III)."""
        return "" if self.exempt else _FRANCHISES.get(self.kind, "")

    @property
    def pathway(self) -> bool:
        """Whether the coordinated pathway concerns it: fees of doctors."""
        return self.kind in {Kind.DOCTOR, Kind.TECHNICAL, Kind.IMAGING, Kind.SUPPLEMENT}


def catalogue() -> dict[str, Act]:
    """Every act by its code. The first of each kind stands for the kind."""
    groups = (_doctors, _supplements, _technical, _dental, _auxiliaries, _biology, _pharmacy, _devices, _others)
    return {act.code: act for group in groups for act in group()}


class _Traits(TypedDict, total=False):
    """What tells acts of one kind and rate apart; see ``Act``."""

    key: bool
    session: str
    free: str
    free_price: bool
    direct: bool
    young_direct: bool
    included: bool
    cap: str
    limit: str
    floor: str
    basket: str
    most: str
    ages: tuple[str, ...]
    exempt: bool


def _acts(kind: Kind, rate: str, codes: str, tariff: str = "", **traits: Unpack[_Traits]) -> Iterator[Act]:
    for code in codes.split():
        yield Act(code, kind, f"rate.{rate}" if rate else "", tariff, **traits)


def _doctors() -> Iterator[Act]:
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
        yield from _acts(Kind.DOCTOR, "doctor", codes, f"consultation.{tariff}", free_price=True)
    yield from _acts(Kind.DOCTOR, "doctor", "TC", free_price=True)
    yield from _acts(
        Kind.DOCTOR, "doctor", "GL1 GL2 GL3", "consultation.long_over_80", free_price=True, ages=("old_patient",)
    )
    for code, tariff in (
        ("GYNAECOLOGIST", "gynaecologist"),
        ("OPHTHALMOLOGIST", "specialist"),
        ("STOMATOLOGIST", "specialist"),
    ):
        yield from _acts(
            Kind.DOCTOR, "doctor", f"CS/{code}", f"consultation.{tariff}", free_price=True, direct=True
        )
    for codes, tariff, ages in (
        ("CNPSY CNP", "psychiatrist", ()),
        ("CNPSY/YOUNG", "psychiatrist_young", ("young_psychiatry",)),
    ):
        yield from _acts(
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
        yield from _acts(Kind.DOCTOR, "full", codes, f"consultation.{tariff}", direct=True, exempt=True, ages=ages)
    for codes, tariff, ages in (
        ("RDV", "prevention_check_up", check_up),
        ("CCP", "first_contraception", ("first_contraception",)),
        ("IMT", "long_file", ()),
    ):
        yield from _acts(Kind.DOCTOR, "full", codes, f"consultation.{tariff}", direct=True, ages=ages)
    yield from _acts(Kind.DOCTOR, "doctor", "P", free_price=True)
    yield from _acts(Kind.FEE, "not_refundable", "DE")


def _supplements() -> Iterator[Act]:
    yield from _acts(Kind.SUPPLEMENT, "doctor", "MCS MPC", included=True)
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
        yield from _acts(Kind.SUPPLEMENT, "doctor", codes, f"supplement.{name}")
    for code, name, ages in (("MEG", "child_under_6", "child_supplement"), ("MOP", "over_80_not_own", "old_patient")):
        yield from _acts(Kind.SUPPLEMENT, "doctor", code, f"supplement.{name}", ages=(ages,))
    for code, name in (("IK", "mileage"), ("IK/MOUNTAIN", "mileage_mountain")):
        yield from _acts(
            Kind.SUPPLEMENT, "doctor", code, f"supplement.{name}", key=True, free=f"supplement.{name}_free"
        )


def _technical() -> Iterator[Act]:
    yield from _acts(Kind.TECHNICAL, "doctor", "ADC ADA ADE ATM ACO", free_price=True)
    yield from _acts(Kind.TECHNICAL, "doctor", "K KC", free_price=True, key=True)
    for codes, name in (
        ("ATM/ECG DEQP003", "ecg"),
        ("ATM/SMEAR JKHD001", "smear"),
        ("ATM/COGNITION-TEST", "cognition_test"),
        ("ATM/IUD", "intrauterine_device"),
        ("ATM/IMPLANT", "implant"),
        ("ATM/SPIROMETRY", "spirometry"),
    ):
        yield from _acts(Kind.TECHNICAL, "doctor", codes, f"acts.{name}", free_price=True)
    yield from _acts(Kind.IMAGING, "doctor", "ADI", free_price=True)
    for code, name in (("LIMB", "limb_x_ray"), ("MRI", "mri"), ("MRI-SHORT", "mri_short")):
        yield from _acts(Kind.IMAGING, "doctor", f"ADI/{code}", f"acts.{name}", free_price=True)


def _dental() -> Iterator[Act]:
    yield from _acts(Kind.DENTAL, "dental", "CD", "acts.dental_consultation")
    yield from _acts(Kind.DENTAL, "dental", "SDE END TDS")
    for name in ("scaling", "extraction", "caries", "devitalisation", "milk_tooth", "sealing"):
        yield from _acts(Kind.DENTAL, "dental", "SDE/" + name.upper().replace("_", "-"), f"acts.dental_{name}")
    yield from _acts(Kind.PROSTHESIS, "dental", "SPR INO", free_price=True)
    yield from _acts(Kind.PROSTHESIS, "dental", "SPR/CROWN", "acts.dental_crown", free_price=True)
    yield from _acts(
        Kind.PROSTHESIS, "dental", "SPR/INLAY-CORE", "acts.dental_inlay_core", free_price=True,
        cap="acts.dental_inlay_core_price",
    )  # fmt: skip
    yield from _acts(
        Kind.PROSTHESIS, "dental_prosthesis_heavy", "TO90 ODF", "acts.orthodontics_semester", free_price=True,
        most="acts.orthodontics_semesters", ages=("orthodontics",),
    )  # fmt: skip
    yield from _acts(Kind.PROSTHESIS, "dental_prosthesis_heavy", "TO", free_price=True)


def _auxiliaries() -> Iterator[Act]:
    yield from _acts(Kind.MIDWIFE, "doctor", "SF", free_price=True)
    yield from _acts(Kind.AUXILIARY, "auxiliary", "AMI", "acts.nurse_key", key=True)
    yield from _acts(Kind.AUXILIARY, "auxiliary", "AIS", "acts.nurse_care_key", key=True)
    for codes, session in (("AMK AMS AMC", "acts.physio_session"), ("AMK/LONG AMS/LONG", "acts.physio_travel_act")):
        yield from _acts(Kind.AUXILIARY, "auxiliary", codes, "acts.physio_key", key=True, session=session)
    yield from _acts(Kind.AUXILIARY, "auxiliary", "AMO AMY AMP")
    yield from _acts(Kind.AUXILIARY, "auxiliary", "AMK/ASSESSMENT", "acts.physio_assessment")
    for codes, name in (
        ("IFA IFD", "nurse_travel"),
        ("MAU", "nurse_single_act"),
        ("MCI", "nurse_coordination"),
        ("AMI/NIGHT", "nurse_night"),
        ("AMI/DEEP-NIGHT", "nurse_deep_night"),
        ("AMI/SUNDAY", "nurse_sunday"),
        ("IFS", "physio_travel"),
    ):
        yield from _acts(Kind.TRAVEL, "auxiliary", codes, f"supplement.{name}")
    yield from _acts(Kind.TRAVEL, "auxiliary", "IFI")


def _biology() -> Iterator[Act]:
    for code, where in (("B", ""), ("B/ANTILLES", "_antilles"), ("B/OVERSEAS", "_overseas")):
        yield from _acts(Kind.BIOLOGY, "biology", code, f"acts.biology_key{where}", key=True)
    for code, name in (("B/BLOOD-COUNT", "blood_count"), ("B/FLAT-FEE", "biology_flat_fee")):
        yield from _acts(Kind.BIOLOGY, "biology", code, "acts.biology_key", key=True, session=f"acts.{name}")
    yield from _acts(Kind.SAMPLING, "biology", "TB PB")
    yield from _acts(Kind.SAMPLING, "doctor", "KB")


def _pharmacy() -> Iterator[Act]:
    for code, rate in (
        ("PH1", "medicine_irreplaceable"),
        ("PH7", "medicine_important"),
        ("PH4", "medicine_moderate"),
        ("PH2", "medicine_weak"),
    ):
        yield from _acts(Kind.MEDICINE, rate, code)
    yield from _acts(Kind.FEE, "not_refundable", "PHN")
    yield from _acts(Kind.FEE, "homeopathy", "PHN/HOMEOPATHY")
    for codes, rate in (
        ("HD1 HG1", "medicine_irreplaceable"),
        ("HD7 HG7", "medicine_important"),
        ("HD4 HG4", "medicine_moderate"),
        ("HD2 HG2", "medicine_weak"),
        ("HDA HDE HDR HC", ""),
        ("PHARMACIST", "pharmacist_act"),
    ):
        yield from _acts(Kind.FEE, rate, codes)


def _devices() -> Iterator[Act]:
    yield from _acts(Kind.DEVICE, "device", "MAD PAN AAR MAC VEH")
    yield from _acts(Kind.DEVICE, "device", "OPT AUD", free_price=True)
    yield from _acts(Kind.DEVICE, "telemonitoring", "MAD/TELEMONITORING MAD/DIGITAL")
    for code, name in (("MAD/HAIR-PROSTHESIS-2", "hair_prosthesis"), ("VEH/SHORT-RENTAL", "wheelchair_rental")):
        yield from _acts(Kind.DEVICE, "device", code, free_price=True, basket=f"top_up.basket_{name}")
    for size in "abcdef":
        pair = f"optics.pair_{size}"
        yield from _acts(
            Kind.DEVICE, "device", f"OPT/PAIR-{size.upper()}", free_price=True, limit=f"{pair}_ceiling",
            floor=f"{pair}_floor",
        )  # fmt: skip
    prices: tuple[tuple[str, str, _Traits], ...] = (
        ("OPT/FRAME-A", "acts.frame_class_a", {"cap": "acts.frame_class_a_price"}),
        ("OPT/FRAME-B", "", {"limit": "optics.frame_limit"}),
        ("OPT/LENS-A", "", {"cap": "optics.lens_class_a_price_high"}),
        ("OPT/LENS-B", "", {}),
        ("AUD/CLASS-2", "", {"limit": "hearing.class_2_limit"}),
        ("AUD/CLASS-1", "hearing.class_1_base", {"cap": "hearing.class_1_price"}),
        ("AUD/CLASS-1-REUNION", "hearing.class_1_base_reunion", {"cap": "hearing.class_1_price_reunion"}),
        ("AUD/CLASS-1-UNDER-20", "hearing.base_under_20", {"cap": "hearing.class_1_price"}),
    )
    for code, tariff, traits in prices:
        traits["free_price"] = True
        yield from _acts(Kind.DEVICE, "device", code, tariff, **traits)


def _others() -> Iterator[Act]:
    yield from _acts(Kind.TRANSPORT, "transport", "VSL TXI ABA")
    yield from _acts(Kind.TRANSPORT, "transport", "VP VP/PUBLIC-TRANSPORT", exempt=True)
    yield from _acts(Kind.STAY, "hospital", "PJ")
    yield from _acts(Kind.DAY_CHARGE, "not_refundable", "FJ", "hospital.day")
    yield from _acts(Kind.DAY_CHARGE, "not_refundable", "FJ/PSYCHIATRY", "hospital.day_psychiatry")
    yield from _acts(Kind.EMERGENCY, "not_refundable", "FPU PAS", "hospital.emergency")
    yield from _acts(Kind.PSYCHOLOGIST, "psychologist", "PSY", "acts.psychologist", most="acts.psychologist_sessions")
    yield from _acts(Kind.PSYCHOLOGIST, "psychologist", "PSY/FIRST", "acts.psychologist_first")
    yield from _acts(Kind.PSYCHOLOGIST, "psychologist", "PSY/FOLLOW-UP", "acts.psychologist_follow_up")
    yield from _acts(Kind.FEE, "spa", "SPA")
    yield from _acts(Kind.SICK_PAY, "not_refundable", "IJ NOR NOR- NOR+ PRE POS")
    yield from _acts(Kind.SICK_PAY, "", "MAJ- MAJ+ MIT- MIT+ ITI ADO PER")
    yield from _acts(Kind.DEDUCTION, "not_refundable", "PFH PFT FRH FRT")
