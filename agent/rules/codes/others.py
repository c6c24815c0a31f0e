"""Hospital stays, psychologists, spas, cash benefits and what is taken off a payment."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts


def others() -> Iterator[Act]:
    """Stays, sessions, treatments and benefits."""
    yield from acts(Kind.STAY, "hospital", "PJ")
    yield from acts(Kind.DAY_CHARGE, "not_refundable", "FJ", "hospital.day")
    yield from acts(Kind.DAY_CHARGE, "not_refundable", "FJ/PSYCHIATRY", "hospital.day_psychiatry")
    yield from acts(Kind.EMERGENCY, "not_refundable", "FPU PAS", "hospital.emergency")
    yield from acts(Kind.EMERGENCY, "not_refundable", "FPU/REDUCED", "hospital.emergency_reduced")
    yield from acts(Kind.PSYCHOLOGIST, "psychologist", "PSY", "psychologist.session", most="psychologist.sessions")
    yield from acts(Kind.PSYCHOLOGIST, "psychologist", "PSY/FIRST", "psychologist.first")
    yield from acts(Kind.PSYCHOLOGIST, "psychologist", "PSY/FOLLOW-UP", "psychologist.follow_up")
    yield from acts(Kind.DOCTOR, "doctor", "STH", "spa.surveillance", direct=True)
    yield from acts(Kind.FEE, "spa", "SPA")
    yield from acts(Kind.FEE, "spa", "SPA/LODGING", "spa.lodging")
    yield from acts(Kind.TRANSPORT, "transport", "SPA/TRAVEL", exempt=True)
    yield from acts(Kind.CASH_BENEFIT, "not_refundable", "IJ NOR NOR- NOR+ PRE POS PER ADO")
    yield from acts(Kind.CASH_BENEFIT, "not_refundable", "INV/1 INV/2 INV/3")
    yield from acts(Kind.CASH_BENEFIT, "not_refundable", "DEATH DEATH/SELF-EMPLOYED DEATH/SELF-EMPLOYED-RETIRED")
    yield from acts(Kind.CASH_BENEFIT, "", "MAJ- MAJ+ MIT- MIT+ ITI")
    yield from acts(Kind.DEDUCTION, "not_refundable", "PFH PFT FRH FRT")
