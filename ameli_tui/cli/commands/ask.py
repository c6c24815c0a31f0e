"""``ameli ask`` (ameliBot) and ``ameli glossary``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import api
from ameli_tui.cli.output import one_line, table
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.i18n import _, day, lang

if TYPE_CHECKING:
    from typing import Literal, Protocol

    from agent.protocol.assistant import Answer, Term
    from ameli_tui.cli.context import Context

    class AskArgs(Protocol):
        """The arguments of ``ameli ask``."""

        question: list[str]
        lang: Literal["fr", "en"] | None
        list: bool

    class GlossaryArgs(Protocol):
        """The arguments of ``ameli glossary``."""

        word: list[str]


def configure_ask(parser: Parser) -> None:
    """Add ``ameli ask``."""
    describe(parser, _(
        "Ask ameliBot in French or English: it answers from the program's own guide, offline, and from your data when\n"
        "the vault is open. It gives no medical advice, and says so when it does not know."),
        'ameli ask "pourquoi seulement 19 € ?"')
    parser.add_argument("question", nargs="*", metavar="QUESTION", help=_("the question, in words"))
    parser.add_argument("--lang", choices=("fr", "en"),
                        help=_("language of the answer; that of the question otherwise"))
    parser.add_argument("--list", action="store_true", help=_("list the subjects of the guide"))
    parser.set_defaults(run=run_ask)


def configure_glossary(parser: Parser) -> None:
    """Add ``ameli glossary``."""
    describe(parser, _("Tell what the service's words mean, in both languages."), "ameli glossary ticket modérateur")
    parser.add_argument("word", nargs="*", metavar="WORD", help=_("the word to look up; all of them otherwise"))
    parser.set_defaults(run=run_glossary)


def run_ask(context: Context) -> None:
    """Ask a question, or list the subjects."""
    args: AskArgs = context.args
    door = context.door
    if args.list or not args.question:
        subjects = door.knock(api.guide(args.lang or lang()))
        rows = [(one["title"], one["intent"]) for one in subjects]
        context.out.answer(subjects, lambda: table((_("Subject"), _("Id")), rows))
        return
    _open_if_told(context)
    answer = door.knock(api.ask(" ".join(args.question), args.lang))
    context.out.answer(answer, lambda: answer_text(answer))


def _open_if_told(context: Context) -> None:
    """Open a locked vault when a passphrase file is at hand; otherwise the guide alone answers, without a prompt."""
    from ameli_tui.cli.secret_input import passphrase_from_file

    door = context.door
    if door.knock(api.health())["state"] != "locked":
        return
    if passphrase_from_file(context.passphrase_file) is not None:
        door.unlock()


def answer_text(answer: Answer) -> str:
    """An answer for a person: what is said, its sources, what can be done next."""
    from agent.account.clean_text import clean_text

    parts = [clean_text(answer["answer"])]
    if answer["near"]:
        parts.append("\n".join([_("It may also have been:"), *("  - " + one_line(one["title"])
                                                                 for one in answer["near"])]))
    if answer["actions"]:
        rows = [f"  {one_line(one['label'])}: {one_line(one['command'])}" for one in answer["actions"]]
        parts.append("\n".join([_("Next:"), *rows]))
    if answer["sources"]:
        rows = [f"  {one_line(one['title'])} ({one_line(one['certainty'])}, {day(one['date'])})"
                for one in answer["sources"]]
        parts.append("\n".join([_("Sources:"), *rows]))
    return "\n\n".join(parts)


def run_glossary(context: Context) -> None:
    """Look a word up."""
    args: GlossaryArgs = context.args
    door = context.door
    terms = door.knock(api.glossary(" ".join(args.word)))
    context.out.answer(terms, lambda: _terms(terms))


def _terms(terms: list[Term]) -> str:
    if not terms:
        return _("No such word in the glossary.")
    return table((_("Word"), _("In English"), _("Meaning")),
                 [(one["fr"], one["en"], one["meaning_en" if lang() == "en" else "meaning_fr"]) for one in terms])
