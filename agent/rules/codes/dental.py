"""Acts of dentists."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts

CROWNS, DENTURES = "top_up.basket_crowns", "top_up.basket_dentures"
"""From when fixed prostheses and dentures are in the 100 % Santé basket."""


def dental() -> Iterator[Act]:
    """Consultations, care, prostheses and orthodontics."""
    yield from acts(Kind.DENTAL, "dental", "CD", "acts.dental_consultation")
    for code, name in (("BDC", "mouth_exam"), ("BR2", "mouth_exam_2"), ("BR4", "mouth_exam_4")):
        yield from acts(Kind.DENTAL, "full", code, f"acts.{name}")
    yield from acts(Kind.DENTAL, "dental", "SDE END TDS")
    for codes, name in (
        ("SDE/SCALING HBJD001", "scaling"),
        ("SDE/SCALING-FULL", "scaling_full"),
        ("SDE/EXTRACTION HBGD036", "extraction"),
        ("SDE/CARIES HBMD058 HBMD053", "caries"),
        ("SDE/DEVITALISATION HBFD033", "devitalisation"),
        ("SDE/TWO-FACES HBMD050 HBMD049", "two_faces"),
        ("SDE/THREE-FACES HBMD054 HBMD038 HBMD044", "three_faces"),
        ("SDE/ROOT-MOLAR HBFD024", "root_molar"),
        ("SDE/MILK-TOOTH", "milk_tooth"),
        ("SDE/SEALING HBBD005", "sealing"),
    ):
        yield from acts(Kind.DENTAL, "dental", codes, f"acts.dental_{name}")
    yield from acts(Kind.PROSTHESIS, "dental", "SPR INO", free_price=True)
    yield from acts(Kind.PROSTHESIS, "dental", "SPR/CROWN", "acts.dental_crown", free_price=True)
    yield from acts(
        Kind.PROSTHESIS, "dental", "SPR/INLAY-CORE", "acts.dental_inlay_core", free_price=True,
        cap="dental_prosthesis.HBLD090", basket=CROWNS,
    )  # fmt: skip
    yield from acts(
        Kind.PROSTHESIS, "dental_prosthesis_heavy", "TO90 ODF", "acts.orthodontics_semester", free_price=True,
        most="acts.orthodontics_semesters", ages=("orthodontics",),
    )  # fmt: skip
    yield from acts(
        Kind.PROSTHESIS, "dental_prosthesis_heavy", "TO", "acts.orthodontics_key", key=True, free_price=True
    )
