"""Care in plain words, with the code the rules know it by."""

from ameli_tui.i18n import N_, _
from ameli_tui.i18n.search_text import fold, matches

ACTS: tuple[tuple[str, str], ...] = (
    ("G", N_("general practitioner, visit at the surgery")),
    ("G+MEG", N_("general practitioner, child under 6")),
    ("TCG", N_("general practitioner, teleconsultation")),
    ("VG+MD", N_("general practitioner, home visit")),
    ("CS+MPC+MCS", N_("specialist, referred by the treating doctor")),
    ("CS", N_("specialist")),
    ("CS/GYNAECOLOGIST", N_("gynaecologist")),
    ("CS/OPHTHALMOLOGIST", N_("ophthalmologist")),
    ("CS/PAEDIATRICIAN", N_("paediatrician")),
    ("CNPSY", N_("psychiatrist or neurologist")),
    ("APC", N_("one-off opinion of a specialist")),
    ("CD", N_("dentist, visit")),
    ("SDE/SCALING", N_("dentist, scaling")),
    ("SDE/EXTRACTION", N_("dentist, extraction")),
    ("SPR/CROWN", N_("dentist, crown")),
    ("TO90", N_("orthodontics, one semester")),
    ("SF", N_("midwife")),
    ("AMI 1", N_("nurse, one act AMI 1")),
    ("AMS", N_("physiotherapist, one session")),
    ("AMO", N_("speech therapist")),
    ("PSY", N_("psychologist, one session")),
    ("B", N_("laboratory tests")),
    ("ADI", N_("imaging, give its base")),
    ("ADI/LIMB", N_("X-ray of a limb")),
    ("ADI/MRI", N_("MRI")),
    ("PH7", N_("medicine at 65 %")),
    ("PH4", N_("medicine at 30 %")),
    ("PH2", N_("medicine at 15 %")),
    ("OPT/FRAME-A", N_("glasses, frame of class A")),
    ("AUD/CLASS-1", N_("hearing aid of class I")),
    ("VSL", N_("medical transport, one trip")),
    ("PJ", N_("hospital stay")),
    ("FJ", N_("hospital day charge")),
    ("FPU", N_("emergency visit")),
)


def find_acts(typed: str) -> list[tuple[str, str]]:
    """Code and name of the acts that ``typed`` means: a code exactly, else words of the name."""
    wanted = typed.strip()
    exact = [(code, _(name)) for code, name in ACTS if fold(code) == fold(wanted)]
    others = [(code, _(name)) for code, name in ACTS if wanted and matches(wanted, _(name))]
    return exact or others
