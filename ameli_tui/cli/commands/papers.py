"""Files looked at before they are attached: ``ameli papers check``."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict

from agent.client import api_requests
from ameli_tui.cli.attachments import read
from ameli_tui.cli.errors import WrongUsage
from ameli_tui.cli.output import one_line, table
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.files.collect import as_text, at_home
from ameli_tui.i18n import _, in_words, number

if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.procedures import Text
    from agent.protocol.requests import Crop
    from ameli_tui.cli.context import Context

    class CheckArgs(Protocol):
        """The arguments of ``ameli papers check``."""

        files: list[Path]
        photo: bool
        out: Path | None


class Refusal(TypedDict):
    """Why a file will not do."""

    code: str
    message_fr: str
    message_en: str
    hint_fr: str
    hint_en: str


class Checked(TypedDict):
    """A file that was looked at; what is known of one that will do."""

    path: str
    problem: Refusal | None
    media_type: NotRequired[str]
    size: NotRequired[int]
    pages: NotRequired[int]
    width: NotRequired[int]
    height: NotRequired[int]
    photo: NotRequired[Crop | None]
    notes: NotRequired[list[Text]]


def configure_papers(parser: Parser) -> None:
    """Add ``ameli papers`` and its action."""
    describe(parser, _(
        "Check files as they are checked when you attach them: type, size, damage, passwords. With --photo as the\n"
        "portrait of a health card, which is turned upright and cropped to its format. Nothing is kept or sent."),
        "ameli papers check --photo portrait.jpg --out crop.jpg")
    actions = parser.actions(required=True)
    check = add_action(actions, "check", _("check files before you attach them"), run_check,
                       "ameli papers check rib.pdf identity.jpg")
    check.add_argument("files", metavar="FILE", nargs="+", type=Path, help=_("a file you want to attach"))
    check.add_argument("--photo", action="store_true", help=_("check it as the photograph of a health card"))
    check.add_argument("--out", metavar="FILE", type=Path, help=_("where to write the crop, to look at it"))


def run_check(context: Context) -> int:
    """Check each file; 1 when one will not do."""
    args: CheckArgs = context.args
    if args.out is not None and (not args.photo or len(args.files) != 1):
        raise WrongUsage(reason=_("--out goes with --photo and one file."), prog="ameli papers check")
    if str(args.out) == "-":
        raise WrongUsage(reason=_("The crop goes into a file of its own."), prog="ameli papers check")
    checks = [_check(context, at_home(path)) for path in args.files]
    context.out.answer({"files": checks}, lambda: _text(checks))
    return int(any(one["problem"] is not None for one in checks))


def _check(context: Context, path: Path) -> Checked:
    from agent.client.client import Problem

    args: CheckArgs = context.args
    data = read(path)
    try:
        paper = context.door.ask(api_requests.look_at_paper(
            data, as_text(path.name), photo=args.photo, crop=args.out is not None))
    except Problem as problem:
        if problem.code != "bad_paper":
            raise
        return {"path": str(path), "problem": {"code": problem.code, "message_fr": problem.message("fr"),
                                               "message_en": problem.message("en"), "hint_fr": problem.hint("fr"),
                                               "hint_en": problem.hint("en")}}
    crop = paper["crop"]
    if args.out is not None and crop:
        from ameli_tui.files.external import write_private

        write_private(at_home(args.out).absolute(), b64decode(crop))
    return {"path": str(path), "problem": None, "media_type": paper["media_type"], "size": paper["size"],
            "pages": paper["pages"], "width": paper["width"], "height": paper["height"], "photo": paper["photo"],
            "notes": paper["notes"]}


def _text(files: list[Checked]) -> str:
    rows = [(one_line(Path(file["path"]).name), _("will do") if file["problem"] is None else _("will not do"),
             _size(file)) for file in files]
    lines = [table((_("File"), "", ""), rows)]
    for file in files:
        name = one_line(Path(file["path"]).name)
        if (problem := file["problem"]) is not None:
            lines.append(f"! {name}: {one_line(in_words(problem, 'message'))} {one_line(in_words(problem, 'hint'))}")
        else:
            lines += [f"· {name}: {one_line(in_words(note, 'text'))}" for note in file["notes"]]
    return "\n".join(lines)


def _size(file: Checked) -> str:
    if file["problem"] is not None:
        return ""
    size = _("{n} kB").format(n=number(max(1, round(file["size"] / 1000))))
    if photo := file["photo"]:
        return _("{width} x {height} dots, {size}, {cut} % cut off").format(
            width=photo["width"], height=photo["height"], size=size, cut=photo["cut"])
    pages = _("{n} page(s), ").format(n=file["pages"]) if file["media_type"] == "application/pdf" else ""
    return pages + size
