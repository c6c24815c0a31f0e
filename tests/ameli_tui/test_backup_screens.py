"""Where the screens tell of backups, and of a vault that came from one."""

from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import opened

RESTORED = {"code": "restored_copy", "exit": 1,
            "message": {"fr": "Ce coffre vient de la sauvegarde du 01/11/2026 : rien n'est envoyé.",
                        "en": "This vault comes from the backup of 2026-11-01: nothing is sent."},
            "hint": {"fr": "« ameli unlock --accept-older ».", "en": "`ameli unlock --accept-older`."}}
FAILED = {"code": "backup_failed", "exit": 1,
          "message": {"fr": "Pas de sauvegarde dans /srv/backups : ce disque est en lecture seule.",
                      "en": "No backup in /srv/backups: this disk is read-only."},
          "hint": {"fr": "Choisissez-en un autre.", "en": "Choose another one."}}


async def test_the_agents_screen_shows_the_last_backup_and_makes_one_with_a_key() -> None:
    fake = FakeAgent()
    async with opened(fake, size=(120, 30), lang="en") as driven:
        await driven.keys("5")
        await driven.until("Last backup")
        assert "/srv/backups/ameli-0f3c2a91.backup" in driven.text
        await driven.keys("b")
        await driven.until("Backup made: /srv/backups/ameli-new.backup")
        assert ("POST", "/v1/backups") in [call[:2] for call in fake.calls]


async def test_why_a_backup_failed_is_on_the_agents_screen_and_every_screen_points_there() -> None:
    fake = FakeAgent()
    fake.problems = [FAILED]
    async with opened(fake, size=(120, 30), lang="fr") as driven:
        await driven.until("voir Agent")
        await driven.keys("5")
        await driven.until("Pas de sauvegarde dans /srv/backups")


async def test_the_requests_say_that_a_restored_copy_sends_nothing_and_what_ends_that() -> None:
    fake = FakeAgent()
    fake.problems = [RESTORED]
    async with opened(fake, lang="fr") as driven:
        await driven.keys("8")
        await driven.until("rien ne part avant « ameli unlock --accept-older »")
        fake.problems = []
        fake.say("state", state="unlocked")
        await driven.wait_for(lambda: "--accept-older" not in driven.text)
