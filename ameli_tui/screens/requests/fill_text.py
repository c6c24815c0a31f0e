"""How the rows of a form look, and the help that stands beside the one under the cursor."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from ameli_tui.forms.answers import Row
from ameli_tui.forms.paper_words import paper_words
from ameli_tui.i18n import _, in_words
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.virtual_list import Cell

if TYPE_CHECKING:
    from agent.protocol.assistant import Term
    from agent.protocol.procedures import Question


def row_cells(row: Row, width: int) -> list[Cell]:
    """One line of a form ``width`` cells wide."""
    indent = "  " if row.inner else ""
    if row.kind == "wrong":
        return [(fit(f"{indent}  ! {one_line(row.text)}", width), "warn")]
    if row.kind == "go":
        return [(fit(f"→ {one_line(row.text)}", width), "strong")]
    if row.kind == "intro":
        return [(fit(one_line(row.text), width), "muted")]
    if row.kind == "note":
        return [(fit(one_line(row.text), width), "good")]
    if row.kind in ("add", "item"):
        return [(fit(indent + one_line(row.text), width), "strong" if row.kind == "item" else "good")]
    room = min(max(20, width * 11 // 20), 70)
    value = one_line(row.value) or ("—" if row.kind != "paper" else _("no file"))
    return [(fit(indent + one_line(row.text), room) + "  ", ""),
            (fit(value, width - room - 2), "strong" if row.value else "muted")]


def help_content(row: Row, wrong: Sequence[Row]) -> Content:
    """What there is to know about the row under the cursor; its mistakes first, whole."""
    parts: list[Part] = []
    if row.kind == "wrong":
        return content((f"! {row.text}", "bold $error"), "\n", (_("Enter puts it right."), "$text-muted"))
    for mistake in wrong:
        parts += [(f"! {mistake.text}", "bold $error"), "\n"]
    if row.kind in ("intro", "note"):
        parts.append(row.text)
    elif row.kind == "go":
        parts.append((_("Nothing is sent before you have seen the summary."), "$text-muted"))
    elif row.kind == "item":
        parts.append((_("x takes it away."), "$text-muted"))
    elif row.paper is not None:
        parts += [paper_words(row.paper), "\n", in_words(row.paper, "help"), "\n"]
        parts.append((_("Enter chooses a file on this machine."), "$text-muted"))
    elif row.question is not None:
        parts += _question(row, row.question)
    return content(*parts)


def _question(row: Row, question: "Question") -> list[Part]:
    parts: list[Part] = [(one_line(row.text), "bold"), "\n"]
    if said := in_words(question, "help"):
        parts += [said, "\n"]
    if question["kind"] == "group":
        return [*parts, (_("Enter adds one."), "$text-muted")]
    if question["kind"] not in ("yes_no", "choice", "choices", "person", "people"):
        if rule := in_words(question, "rule"):
            parts += [(_("Expected: {rule}").format(rule=rule), "$text-muted"), "\n"]
        if question["example"]:
            parts += [(_("Example: {example}").format(example=one_line(question["example"])), "$text-muted"), "\n"]
    if question["when"] and row.inner:
        parts += [(in_words(question["when"], "text"), "$text-muted"), "\n"]
    return parts


def term_of(row: Row) -> "Term | None":
    """The question or the paper of a row as a term of the glossary: its name in both languages, its help, rule and
    example."""
    if (paper := row.paper) is not None:
        return _term(paper["label_fr"], paper["label_en"], (paper["help_fr"],), (paper["help_en"],))
    if (question := row.question) is not None:
        return _term(question["label_fr"], question["label_en"],
                     (question["help_fr"], question["rule_fr"], question["example"]),
                     (question["help_en"], question["rule_en"], question["example"]))
    return None


def _term(fr: str, en: str, meaning_fr: Sequence[str], meaning_en: Sequence[str]) -> "Term":
    return {"fr": one_line(fr), "en": one_line(en), "meaning_fr": _lines(meaning_fr) or one_line(fr),
            "meaning_en": _lines(meaning_en) or one_line(en)}


def _lines(texts: Sequence[str]) -> str:
    return "\n".join(line for text in texts if (line := one_line(text)))
