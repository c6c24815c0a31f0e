"""The short codes of the national nomenclature: what each is, where its tariff and rate stand, what it carries."""

import difflib
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from agent.reimbursement.errors import UnknownAct


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


@dataclass(frozen=True, slots=True)
class Act:
    """One code. ``tariff`` and ``rate`` name parameters of the tables; no tariff means that the price is the base."""

    code: str
    kind: Kind
    rate: str
    tariff: str = ""
    key: bool = False
    """The tariff is a key letter, multiplied by the coefficient written behind the code."""
    session: str = ""
    """Parameter of the coefficient when none is written."""
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

    @property
    def participation(self) -> bool:
        """Whether the act carries the participation forfaitaire (L160-13 II)."""
        return self.kind in {Kind.DOCTOR, Kind.TECHNICAL, Kind.IMAGING, Kind.BIOLOGY}

    @property
    def franchise(self) -> str:
        """Parameter of its franchise, or nothing (L160-13 III)."""
        return {Kind.MEDICINE: "drug_box", Kind.AUXILIARY: "auxiliary_act", Kind.TRANSPORT: "transport_trip"}.get(
            self.kind, ""
        )

    @property
    def pathway(self) -> bool:
        """Whether the coordinated pathway concerns it: fees of doctors."""
        return self.kind in {Kind.DOCTOR, Kind.TECHNICAL, Kind.IMAGING, Kind.SUPPLEMENT}


def _catalogue() -> dict[str, Act]:
    acts: list[Act] = []

    def add(kind: Kind, rate: str, codes: str, tariff: str = "", **more: bool | str) -> None:
        acts.extend(Act(code, kind, f"rate.{rate}", tariff, **more) for code in codes.split())  # type: ignore[arg-type]

    for codes, tariff in (
        ("G GS C", "gp"),
        ("CS", "specialist"),
        ("TCG TC", "teleconsultation_gp"),
        ("V VG", "home_visit"),
        ("VL", "home_visit_long"),
        ("APC", "consultant_opinion"),
        ("APY", "consultant_opinion_psychiatrist"),
        ("APU", "consultant_opinion_professor"),
        ("CS/GERIATRICIAN", "geriatrician"),
        ("CS/PAEDIATRICIAN-UNDER-2", "paediatrician_under_2"),
        ("CS/PAEDIATRICIAN-2-TO-6", "paediatrician_2_to_6"),
        ("CS/PAEDIATRICIAN", "paediatrician_over_6"),
        ("CS/MELANOMA", "dermatologist_melanoma"),
        ("CS/ENDOCRINOLOGIST", "endocrinologist_complex"),
        ("CCX", "child_complex"),
        ("CCX/VERY", "child_very_complex"),
    ):
        add(Kind.DOCTOR, "doctor", codes, f"consultation.{tariff}", free_price=True)
    add(Kind.DOCTOR, "doctor", "CS/GYNAECOLOGIST", "consultation.gynaecologist", free_price=True, direct=True)
    add(Kind.DOCTOR, "doctor", "CS/OPHTHALMOLOGIST", "consultation.specialist", free_price=True, direct=True)
    for codes, tariff in (("CNPSY CNP", "psychiatrist"), ("CNPSY/YOUNG", "psychiatrist_young")):
        add(Kind.DOCTOR, "doctor", codes, f"consultation.{tariff}", free_price=True, young_direct=True)
    add(Kind.DOCTOR, "full", "COE", "consultation.child_exam", direct=True)
    add(Kind.DOCTOR, "full", "COE/CERTIFICATE", "consultation.child_exam_certificate", direct=True)
    add(Kind.SUPPLEMENT, "doctor", "MCS MPC", included=True)
    for code, name in (
        ("MCG", "gp_coordination"),
        ("MEG", "child_under_6"),
        ("MD", "visit_travel"),
        ("MU", "visit_urgent"),
    ):
        add(Kind.SUPPLEMENT, "doctor", code, f"supplement.{name}")
    add(Kind.TECHNICAL, "doctor", "ADC ADA ADE ATM ACO", free_price=True)
    add(Kind.DOCTOR, "doctor", "P", free_price=True)
    add(Kind.IMAGING, "doctor", "ADI", free_price=True)
    add(Kind.IMAGING, "doctor", "ADI/LIMB", "acts.limb_x_ray", free_price=True)
    add(Kind.IMAGING, "doctor", "ADI/MRI", "acts.mri", free_price=True)
    add(Kind.IMAGING, "doctor", "ADI/MRI-SHORT", "acts.mri_short", free_price=True)
    add(Kind.DENTAL, "dental", "CD", "acts.dental_consultation")
    add(Kind.DENTAL, "dental", "SDE END TDS")
    for name in ("scaling", "extraction", "caries", "devitalisation", "milk_tooth", "sealing"):
        add(Kind.DENTAL, "dental", "SDE/" + name.upper().replace("_", "-"), f"acts.dental_{name}")
    add(Kind.PROSTHESIS, "dental", "SPR INO", free_price=True)
    add(Kind.PROSTHESIS, "dental", "SPR/CROWN", "acts.dental_crown", free_price=True)
    add(Kind.PROSTHESIS, "dental", "SPR/INLAY-CORE", "acts.dental_inlay_core", cap="acts.dental_inlay_core_price")
    add(Kind.PROSTHESIS, "dental_prosthesis_heavy", "TO90 ODF", "acts.orthodontics_semester", free_price=True)
    add(Kind.MIDWIFE, "doctor", "SF", free_price=True)
    add(Kind.AUXILIARY, "auxiliary", "AMI", "acts.nurse_key", key=True)
    add(Kind.AUXILIARY, "auxiliary", "AIS", "acts.nurse_care_key", key=True)
    add(Kind.AUXILIARY, "auxiliary", "AMK AMS", "acts.physio_key", key=True, session="acts.physio_session")
    add(Kind.AUXILIARY, "auxiliary", "AMO AMY AMP")
    add(Kind.AUXILIARY, "auxiliary", "AMK/ASSESSMENT", "acts.physio_assessment")
    for code, name in (
        ("IFA", "nurse_travel"),
        ("IFD", "nurse_travel"),
        ("MAU", "nurse_single_act"),
        ("MCI", "nurse_coordination"),
        ("IFS", "physio_travel"),
    ):
        add(Kind.TRAVEL, "auxiliary", code, f"supplement.{name}")
    add(Kind.TRAVEL, "auxiliary", "IFI")
    add(Kind.BIOLOGY, "biology", "B", "acts.biology_key", key=True)
    add(Kind.BIOLOGY, "biology", "B/ANTILLES", "acts.biology_key_antilles", key=True)
    add(Kind.BIOLOGY, "biology", "B/OVERSEAS", "acts.biology_key_overseas", key=True)
    add(Kind.SAMPLING, "biology", "TB PB")
    add(Kind.SAMPLING, "doctor", "KB")
    for code, rate in (
        ("PH1", "medicine_irreplaceable"),
        ("PH7", "medicine_important"),
        ("PH4", "medicine_moderate"),
        ("PH2", "medicine_weak"),
    ):
        add(Kind.MEDICINE, rate, code)
    add(Kind.FEE, "not_refundable", "PHN")
    for codes, rate in (
        ("HD1 HG1", "medicine_irreplaceable"),
        ("HD7 HG7", "medicine_important"),
        ("HD4 HG4", "medicine_moderate"),
        ("HD2", "medicine_weak"),
    ):
        add(Kind.FEE, rate, codes)
    add(Kind.DEVICE, "device", "MAD PAN AAR MAC VEH")
    add(Kind.DEVICE, "device", "OPT AUD", free_price=True)
    for size in "abcdef":
        add(Kind.DEVICE, "device", f"OPT/PAIR-{size.upper()}", free_price=True, limit=f"optics.pair_{size}_ceiling")
    add(Kind.DEVICE, "device", "AUD/CLASS-2", free_price=True, limit="hearing.class_2_limit")
    add(Kind.DEVICE, "device", "OPT/FRAME-A", "acts.frame_class_a", cap="acts.frame_class_a_price")
    add(Kind.DEVICE, "device", "AUD/CLASS-1", "hearing.class_1_base", cap="hearing.class_1_price")
    add(
        Kind.DEVICE,
        "device",
        "AUD/CLASS-1-REUNION",
        "hearing.class_1_base_reunion",
        cap="hearing.class_1_price_reunion",
    )
    add(Kind.DEVICE, "device", "AUD/CLASS-1-UNDER-20", "hearing.base_under_20", cap="hearing.class_1_price")
    add(Kind.TRANSPORT, "transport", "VSL TXI ABA")
    add(Kind.STAY, "hospital", "PJ")
    add(Kind.DAY_CHARGE, "not_refundable", "FJ", "hospital.day")
    add(Kind.DAY_CHARGE, "not_refundable", "FJ/PSYCHIATRY", "hospital.day_psychiatry")
    add(Kind.EMERGENCY, "not_refundable", "FPU PAS", "hospital.emergency")
    add(Kind.PSYCHOLOGIST, "psychologist", "PSY", "acts.psychologist")
    add(Kind.SICK_PAY, "not_refundable", "IJ NOR NOR- PRE POS")
    return {act.code: act for act in acts}


ACTS = _catalogue()
"""Every code the engine prices. A slash names one act among those that share a code."""
_COEFFICIENT = re.compile(r"^([A-Z]+(?:/[A-Z-]+)?) ?(\d{1,4}(?:[.,]\d{1,2})?)$")


@dataclass(frozen=True, slots=True)
class Billed:
    """An act with the coefficient it is billed with."""

    act: Act
    coefficient: Decimal | None = None


@lru_cache(4096)
def read_acts(text: str) -> tuple[Billed, ...]:
    """The acts of codes joined by ``+``. Raises UnknownAct naming the nearest codes."""
    return tuple(_read(code.strip()) for code in text.split("+"))


def _read(code: str) -> Billed:
    if code in ACTS:
        return Billed(ACTS[code])
    found = _COEFFICIENT.match(code)
    if found and found[1] in ACTS and ACTS[found[1]].key:
        return Billed(ACTS[found[1]], Decimal(found[2].replace(",", ".")))
    near = (
        difflib.get_close_matches(code, ACTS, 3, 0.3)
        or sorted(ACTS, key=lambda known: (known[:1] != code[:1], known))[:3]
    )
    raise UnknownAct(act=code[:20], nearest=", ".join(near))


def variants(code: str) -> list[str]:
    """The named acts of a code that covers several."""
    return [known for known in ACTS if known.startswith(code.partition("/")[0] + "/")]


def may_owe(kind: Kind) -> bool:
    """Whether the flat share on costly acts can replace the ordinary share for acts of this kind (R160-16)."""
    return kind in {Kind.TECHNICAL, Kind.DENTAL}
