"""The way from arrival to card on the screens."""

from ameli_tui.screens.base.text_reader import ReadingScreen
from ameli_tui.screens.help.guide import GuideScreen
from ameli_tui.screens.help.keys_help import HelpScreen
from ameli_tui.screens.home.home import HomePage
from ameli_tui.screens.requests.fill import FillScreen
from ameli_tui.screens.requests.newcomer import NewcomerScreen
from ameli_tui.screens.requests.procedure import ProcedureScreen
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import Driven, opened


def stage_line(driven: Driven, title: str) -> str:
    """The line of a stage as it is in sight."""
    return next(line for line in driven.text.splitlines() if title in line)


async def test_a_newcomer_tells_stage_after_stage_and_sees_what_comes_next() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("u")
        assert isinstance(driven.page, NewcomerScreen)
        assert "vous êtes ici" in stage_line(driven, "Arrivée en France")
        assert "09 74 75 36 46" in driven.text
        await driven.keys("g", "enter", "g", "enter")  # an employee
        assert fake.asked.told == {"situation": "employee"}
        assert "Trois mois" not in driven.text
        await driven.keys("j", "enter")
        await driven.type("01/09/2026")
        await driven.keys("enter")
        assert fake.asked.told["arrived_on"] == "2026-09-01"
        assert "01/09/2026" in stage_line(driven, "Arrivée en France")
        assert "vous êtes ici" in stage_line(driven, "Dossier envoyé")
        assert "S1106" in driven.text
        await driven.keys("enter")
        await driven.type("2026-10-05")
        await driven.keys("enter")
        await driven.keys("j", "enter")
        await driven.type("2/11/2026")
        await driven.keys("enter")
        assert "vous êtes ici" in stage_line(driven, "État civil certifié")
        assert "Numéro définitif, au plus tôt" in driven.text
        assert "rapporté" in driven.text  # a delay that nobody official gives says so
        await driven.keys("j", "enter")
        await driven.type("10/11/2026")
        await driven.keys("enter")
        assert "Pièce d'état civil à envoyer au plus tard" in driven.text


async def test_every_situation_has_its_papers_and_only_a_resident_waits_three_months() -> None:
    fake = FakeAgent()
    wanted = {"employee": "Contrat de travail", "resident": "Trois mois de preuves", "student": "Certificat d'inscr",
              "pensioner": "S1 de l'État", "family": "S3705"}
    async with opened(fake, size=(140, 45)) as driven:
        await driven.keys("u")
        for at, (situation, paper) in enumerate(wanted.items()):
            await driven.keys("g", "enter", "g", *["j"] * at, "enter")
            assert fake.asked.told["situation"] == situation
            page = driven.page
            assert isinstance(page, NewcomerScreen)
            page.rows.move_to(page.place_of("file"))
            await driven.settle()
            assert paper in driven.text
            assert ("Trois mois de résidence" in driven.text) is (situation == "resident")
        assert "etudiant-etranger" not in driven.text


async def test_a_wrong_day_is_told_and_the_question_stays_open() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("u", "enter")
        for typed, said in (("hier", "Ce n'est pas un jour"), ("24/12/2026", "pas encore venu")):
            await driven.type(typed)
            await driven.keys("enter")
            assert said in driven.text
            assert fake.asked.told == {}
            await driven.keys("ctrl+u")
        await driven.keys("escape")
        assert isinstance(driven.page, NewcomerScreen)
        assert "—" in stage_line(driven, "Arrivé(e) le")


async def test_what_was_told_can_be_taken_back_and_yes_or_no_turns_by_one_key() -> None:
    fake = FakeAgent()
    fake.asked.told = {"arrived_on": "2026-11-01"}
    async with opened(fake) as driven:
        await driven.keys("u")
        assert "vous êtes ici" in stage_line(driven, "Trois mois de résidence")
        await driven.keys("enter")
        assert fake.asked.told["exempt"] is True
        assert "Trois mois de résidence" not in driven.text
        await driven.keys("g", "j", "x")
        assert fake.asked.told == {"exempt": True}


async def test_stages_open_their_procedure_and_their_subjects_of_the_guide() -> None:
    fake = FakeAgent()
    fake.asked.told = {"situation": "employee", "arrived_on": "2026-09-01"}
    async with opened(fake) as driven:
        await driven.keys("u", "a")
        assert isinstance(driven.page, ProcedureScreen)
        await driven.keys("a")
        assert isinstance(driven.page, FillScreen)
        await driven.keys("q", "q")
        assert isinstance(driven.page, NewcomerScreen)
        await driven.keys("i")
        assert isinstance(driven.page, GuideScreen)
        first = [one["intent"] for one in driven.page.items[:4]]
        assert first[:2] == ["joining", "civil-status"]
        assert "hundred-percent-sante" in first
        await driven.keys("enter")
        assert isinstance(driven.page, ReadingScreen)


async def test_the_path_is_found_from_home_procedures_help_and_palette() -> None:
    fake = FakeAgent(rows=0)
    fake.account = False
    async with opened(fake) as driven:
        assert isinstance(driven.page, HomePage)
        assert "u montre où vous en êtes" in driven.text
        await driven.keys("8", "G", "enter")
        assert isinstance(driven.page, NewcomerScreen)
        await driven.keys("question_mark")
        assert isinstance(driven.page, HelpScreen)
        assert "où en suis-je" in driven.page.pane.plain()
        await driven.keys("q", "q", "colon")
        driven.typed_ahead(*"arriv")
        await driven.until("où en suis-je ?")
        await driven.keys("down", "enter")
        await driven.until("De l’arrivée à la carte")
