"""Every command, in the order the help lists them: name, module that holds it, what it does in one line."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802 - gettext's own name: marks a text for the catalogue without translating it
    """Return ``text``; it is translated when shown, since the language is not known at import time."""
    return text


class Command:
    """One entry of the command line."""

    __slots__ = ("module", "summary")

    def __init__(self, module: str, summary: str) -> None:
        self.module = module
        """Module under ``ameli_tui.cli.commands``, imported only when the command is used."""
        self.summary = summary
        """English msgid."""


GROUPS: tuple[tuple[str, dict[str, Command]], ...] = (
    (N_("Starting"), {
        "demo": Command("demo", N_("try everything on an invented account")),
        "setup": Command("vault", N_("create the encrypted vault")),
        "login": Command("account", N_("sign in to the account")),
        "sync": Command("account", N_("fetch what is new")),
        "import": Command("import_files", N_("take in statements, recorded sessions and bank files")),
        "doctor": Command("doctor", N_("check everything, with the cure")),
    }),
    (N_("Reading"), {
        "payments": Command("payments", N_("what was paid, line by line")),
        "explain": Command("explain", N_("why a payment is what it is")),
        "owed": Command("explain", N_("what is still owed to you, and what to ask about")),
        "ledger": Command("ledger", N_("participations and franchises: due, withheld, outstanding")),
        "year": Command("year", N_("a year of care: spent, reimbursed, left to pay")),
        "estimate": Command("estimate", N_("what will be paid back for a piece of care")),
        "tariffs": Command("tariffs", N_("what the rules know from when; the fund's tables taken in")),
        "documents": Command("documents", N_("statements, certificates and attachments")),
        "attestation": Command("documents", N_("the entitlement certificate, as a PDF")),
        "messages": Command("messages", N_("the inbox")),
        "profile": Command("payments", N_("the person, the family, the fund")),
        "coverage": Command("coverage", N_("the complementary insurance, and everybody's situations")),
        "export": Command("export", N_("everything as a file of another program")),
    }),
    (N_("Asking"), {
        "ask": Command("ask", N_("ameliBot: a question, answered from the guide and your data")),
        "glossary": Command("ask", N_("what the service's words mean")),
        "procedures": Command("procedures", N_("what you can ask the fund for, and what became of it")),
        "papers": Command("papers", N_("check files before you attach them")),
        "deadlines": Command("deadlines", N_("what has a last day, also as a calendar")),
        "newcomer": Command("newcomer", N_("from arrival to card: where you are, what comes next")),
    }),
    (N_("Keeping it safe"), {
        "unlock": Command("vault", N_("open the vault")),
        "lock": Command("vault", N_("close the vault")),
        "verify": Command("verify", N_("read every byte that is kept, and say what is damaged")),
        "backup": Command("backup", N_("everything in one encrypted file, or the list of those that are kept")),
        "restore": Command("backup", N_("bring a backup back into a home without a vault")),
        "passphrase": Command("vault", N_("change the passphrase, or get a new recovery code")),
        "logout": Command("account", N_("end the session with the account service")),
    }),
    (N_("The program"), {
        "agent": Command("agent", N_("the background agent that keeps everything up to date")),
        "anonymise": Command("anonymise", N_("a copy of a file that shows its layout and nothing of you")),
        "notify": Command("notify", N_("how you are told what is new, and whether it reaches you")),
        "config": Command("config", N_("the settings")),
        "completion": Command("completion", N_("completion for your shell")),
        "sandbox": Command("sandbox", N_("the stand-in portal, for trying and testing")),
    }),
)


def commands() -> dict[str, Command]:
    """All commands by name."""
    return {name: command for _title, group in GROUPS for name, command in group.items()}
