"""The auxiliaries: nurses, physiotherapists, speech therapists, orthoptists, podiatrists."""

from collections.abc import Iterator
from functools import partial

from agent.rules.codes.act import Act, Kind, acts

_act = partial(acts, Kind.AUXILIARY, "auxiliary")
_beside = partial(acts, Kind.TRAVEL, "auxiliary")
"""Travel and supplements: they carry no franchise of their own."""


def auxiliaries() -> Iterator[Act]:
    """Acts, travel and supplements, profession by profession."""
    yield from _nurses()
    yield from _physiotherapists()
    yield from _speech_therapists()
    yield from _orthoptists()
    yield from _act("POD", "podiatrist.diabetic_foot")
    yield from _act("POD/BILAN")
    yield from _act("AMP", "podiatrist.key", key=True)


def _nurses() -> Iterator[Act]:
    yield from _act("AMI AMX AMI/INSULIN AMX/INSULIN AMI/PERFUSION AMX/PERFUSION", "nurse.key", key=True)
    yield from _act("AMI/SAMPLE AMX/SAMPLE", "nurse.key", key=True, session="nurse.sampling")
    yield from _act("AMI/VACCINATION", "nurse.key", key=True, session="nurse.vaccination")
    yield from _act("AMI/VACCINATION-PRESCRIBED", "nurse.key", key=True, session="nurse.vaccination_prescribed")
    yield from _act("AIS", "nurse.care_key", key=True)
    yield from _act("AMI/OVERSEAS AMX/OVERSEAS", "nurse.key_overseas", key=True)
    yield from _act("AIS/OVERSEAS", "nurse.care_key_overseas", key=True)
    yield from _act("DI", "nurse.assessment_key", key=True)
    for name in ("first", "renewed", "revised"):
        yield from _act(f"DI/{name.upper()}", "nurse.assessment_key", key=True, session=f"nurse.assessment_{name}")
    for code, name in (("BSA", "light"), ("BSB", "intermediate"), ("BSC", "heavy")):
        yield from _act(code, f"nurse.day_{name}")
    yield from _act("BSB/OVERSEAS", "nurse.day_intermediate_overseas")
    yield from _act("BSC/OVERSEAS", "nurse.day_heavy_overseas")
    for codes, name in (
        ("IFD IFA IFI", "travel"),
        ("MAU", "single_act"),
        ("MCI", "coordination"),
        ("AMI/NIGHT", "night"),
        ("AMI/DEEP-NIGHT", "deep_night"),
        ("AMI/SUNDAY", "sunday"),
    ):
        yield from _beside(codes, f"nurse.{name}")
    yield from _beside("MIE", "nurse.young_child")
    yield from _beside("IFI/FURTHER-PATIENT", "nurse.travel", key=True, session="nurse.travel_further_patient")
    for code, name in (("NURSE", ""), ("NURSE-MOUNTAIN", "_mountain"), ("NURSE-FOOT", "_foot")):
        yield from _beside(f"IK/{code}", f"nurse.kilometre{name}", key=True)


def _physiotherapists() -> Iterator[Act]:
    for codes, session in (
        ("AMK AMS AMC", "session"),
        ("AMK/LONG AMS/LONG", "session_long"),
        ("RPE", "elderly"),
    ):
        yield from _act(codes, "physiotherapist.key", key=True, session=f"physiotherapist.{session}")
    yield from _act("AMK/ASSESSMENT", "physiotherapist.assessment")
    yield from _act("FRD", "physiotherapist.return_home_stroke")
    yield from _act("FAD", "physiotherapist.return_home_surgery")
    for codes, name in (
        ("IFS IFO IFR IFN IFP", "travel_specific"),
        ("IFD/PHYSIO", "travel"),
        ("AMK/NIGHT AMS/NIGHT", "night"),
        ("AMK/SUNDAY AMS/SUNDAY", "sunday"),
    ):
        yield from _beside(codes, f"physiotherapist.{name}")
    for code, name in (("PHYSIO", ""), ("PHYSIO-MOUNTAIN", "_mountain"), ("PHYSIO-FOOT", "_foot")):
        yield from _beside(f"IK/{code}", f"physiotherapist.kilometre{name}", key=True)


def _speech_therapists() -> Iterator[Act]:
    yield from _act("AMO", "speech_therapist.key", key=True)
    yield from _act("AMO/OVERSEAS", "speech_therapist.key_overseas", key=True)
    for code, name in (
        ("GRAPHISM", "graphism"),
        ("WRITTEN", "written_language"),
        ("MATHS", "mathematics"),
        ("GROUP", "group"),
        ("PREVENTION", "prevention"),
        ("SWALLOWING", "swallowing"),
        ("STUTTERING", "stuttering"),
        ("NEURO", "neurology"),
        ("BILAN/PHONATION", "phonation_assessment"),
        ("BILAN/ORO", "oro_facial_assessment"),
        ("BILAN/ORAL", "oral_language_assessment"),
        ("BILAN/WRITTEN", "written_language_assessment"),
        ("BILAN/MATHS", "mathematics_assessment"),
        ("BILAN/NEURO", "neurology_assessment"),
        ("BILAN/STUTTERING", "stuttering_assessment"),
        ("BILAN/HANDICAP", "handicap_assessment"),
    ):
        yield from _act(f"AMO/{code}", "speech_therapist.key", key=True, session=f"speech_therapist.{name}")


def _orthoptists() -> Iterator[Act]:
    yield from _act("AMY", "orthoptist.key", key=True)
    yield from _act("AMY/OVERSEAS", "orthoptist.key_overseas", key=True)
    for code, name in (
        ("BILAN", "assessment"),
        ("AMBLYOPIA-BILAN", "amblyopia_assessment"),
        ("LOW-VISION-BILAN", "low_vision_assessment"),
        ("NEURO-BILAN", "neuro_assessment"),
        ("AMBLYOPIA", "amblyopia"),
        ("STRABISMUS", "strabismus"),
        ("LOW-VISION-ADULT", "low_vision_adult"),
        ("LOW-VISION-CHILD", "low_vision_child"),
        ("FIRST-GLASSES", "first_glasses"),
        ("AMBLYOPIA-SCREENING", "amblyopia_screening"),
        ("REFRACTION-SCREENING", "refraction_screening"),
    ):
        yield from _act(f"AMY/{code}", "orthoptist.key", key=True, session=f"orthoptist.{name}")
    yield from _act("RNO", "orthoptist.visual_check")
