"""The screens on a real agent and the sandbox's account: nothing between them is made up."""

from pathlib import Path

from tests.ameli_tui.terminal import terminal
from tests.commands import Home


def test_a_person_reads_filters_locks_and_unlocks(demo_home: Home) -> None:
    newest = demo_home.json("payments", "--limit", "1")[0]
    assert demo_home.details is not None
    with terminal(demo_home.folder, cols=120, rows=36, AMELI_TODAY=None) as shown:
        shown.until("Derniers paiements")
        year, month, day = newest["paid_on"].split("-")
        shown.until(f"{day}/{month}/{year}")
        shown.send(b"2")
        shown.until("Par mois")
        shown.until("paiements ·")
        shown.send(b"/tiers")
        shown.until("« tiers »")
        shown.send(b"\r")
        shown.send(b"x3")
        shown.until("Relevé mensuel")
        shown.send(b"/releve\rv")
        shown.until("Pager")
        shown.send(b"q4")
        shown.until("non lu")
        shown.send(b"5s")
        shown.until("ien de nouveau.")
        shown.send(b"L")
        shown.until("Verrouiller le coffre ?")
        shown.send(b"\r")
        shown.until("surveillé pendant")
        shown.until("F3 Code de secours")  # drawn last: nothing of the screen before is left
        shown.send(demo_home.details["passphrase"].encode() + b"\r")
        shown.until("Synchronisations")
        shown.send(b"Q")
        assert shown.wait() == 0
    assert not (demo_home.folder / "run" / "viewed").exists()


def test_the_first_run_starts_the_agent_and_makes_a_vault(empty_home: Home) -> None:
    with terminal(empty_home.folder, AMELI_TODAY=None) as shown:
        shown.until("French or English?")
        shown.send(b"\r")
        shown.until("Bienvenue")
        shown.send(b"\r")
        shown.until("Phrase secrète")
        shown.send(b"cheval juste pile agrafe\rcheval juste pile agrafe\r")  # faster than any hand
        shown.until("Votre code de secours", 30)
        code = next(line for line in shown.text.splitlines() if line.count("-") >= 3 and "─" not in line.strip("│ "))
        shown.send(code.strip("│ ").split("-")[-1].strip().encode() + b"\r")
        shown.until("Importer des fichiers")
        shown.send(b"\r")
        shown.until("Connecter votre compte")
        shown.send(b"\x1b")
        shown.until("Aucun compte n’est connecté.")
    assert (empty_home.folder / "data" / "vault").exists()
    assert Path(empty_home.folder / "config" / "settings.toml").read_text().strip() == 'lang = "fr"'


def pasted(text: str) -> bytes:
    """What a terminal sends of a paste in bracketed mode."""
    return b"\x1b[200~" + text.encode() + b"\x1b[201~"


def test_a_passphrase_pasted_with_a_carriage_return_is_the_one_that_is_typed_later(empty_home: Home) -> None:
    phrase = "cheval juste pile agrafe"
    with terminal(empty_home.folder, AMELI_TODAY=None) as shown:
        shown.until("French or English?")
        shown.send(b"\r")
        shown.until("Bienvenue")
        shown.send(b"\r")
        shown.until("Phrase secrète")
        shown.send(pasted("cheval\tjuste pile\r"))
        shown.until("tabulation (U+0009")
        shown.send(b"\r")
        shown.until("tabulation (U+0009")
        shown.send(pasted(phrase + "\r"))
        shown.until("Solide")
        shown.send(b"\r" + pasted(phrase + "\r\n") + b"\r")
        shown.until("Votre code de secours", 30)
        shown.send(b"\x1b")
        shown.until("n’est montré que maintenant")
        code = next(line for line in shown.text.splitlines() if line.count("-") >= 3 and "─" not in line.strip("│ "))
        shown.send(pasted(code.strip("│ ").split("-")[-1].strip() + "\r") + b"\r")
        shown.until("Importer des fichiers")
        shown.send(b"jj\r")
        shown.until("Aucun compte n’est connecté.")
        for typed in (phrase.encode() + b"\r", pasted(phrase + "\r") + b"\r", phrase.encode() + b"\n\r"):
            shown.send(b"L\r")  # faster than the question is drawn
            shown.until("Le coffre est verrouillé")
            shown.send(b"\x1b")
            shown.until("Taper le code de secours")
            shown.send(b"l")
            shown.until("Phrase secrète")
            shown.send(typed)
            shown.until("Aucun compte n’est connecté.")
        shown.send(b"Q")
        assert shown.wait() == 0
    with_file = empty_home.folder / "phrase"
    with_file.write_bytes(b"\r\n" + phrase.encode() + b"\r\n")
    empty_home.json("lock")
    assert empty_home.json("unlock", "--passphrase-file", str(with_file)) == {"state": "unlocked"}
