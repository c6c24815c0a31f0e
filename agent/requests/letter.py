"""A request as a letter to the fund, with its papers."""

from collections.abc import Callable, Sequence
from datetime import date

from agent.files.exports.dossier import Letter, PaperFile
from agent.procedures.answers import Answers
from agent.procedures.by_hand import fund_of
from agent.procedures.model import Procedure, World
from agent.procedures.summary import whole_summary
from agent.protocol.account import Profile
from agent.protocol.requests import StoredPaper


def write_letter(
    declared: Procedure, values: Answers, world: World, profile: Profile, on: date
) -> Letter:
    """The letter of a request whose ``values`` hold; ``profile`` says who writes and to which fund."""
    nir = profile.get("nir") or values.get("nir") or ""
    number = f"Numéro de sécurité sociale : {nir}" if nir else ""
    sender = (profile.get("name") or _declared_name(values), number, *(profile.get("address") or _address(values)))
    body = declared.letter(values, world) if declared.letter else declared.summary.fr
    return Letter(
        tuple(line for line in sender if line), (fund_of(values, world).fr,),
        declared.title.fr, body,
        tuple((line["label_fr"], line["value_fr"]) for line in whole_summary(declared, values)), on,
    )


def _declared_name(values: Answers) -> str:
    """Who writes, when no account says it yet: the person who joins, or asks for an account."""
    first = values.get("first_names") or values.get("first_name") or ""
    return f"{first} {values.get('last_name') or ''}".strip()


def _address(values: Answers) -> tuple[str, ...]:
    town = f"{values.get('postcode') or ''} {values.get('town') or ''}".strip()
    return tuple(line for line in (str(values.get("complement") or ""), str(values.get("street") or ""), town) if line)


def enclosed(
    declared: Procedure, papers: Sequence[StoredPaper], read: Callable[[StoredPaper], bytes]
) -> list[PaperFile]:
    """The papers of a request in the order the procedure names them; ``read`` gives a paper's bytes."""
    labels = {paper.name: paper.label.fr for paper in declared.papers}
    order = list(labels)
    ordered = sorted(papers, key=lambda paper: order.index(paper["name"]) if paper["name"] in labels else len(order))
    return [PaperFile(labels.get(paper["name"], paper["name"]), paper["filename"], paper["media_type"], read(paper))
            for paper in ordered]
