"""A request as a letter to the fund, with its papers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from agent.files.exports.dossier import Letter, PaperFile
from agent.procedures.by_hand import fund_of
from agent.procedures.model import Procedure, World
from agent.procedures.summary import whole_summary


def write_letter(
    asked: Procedure, values: Mapping[str, Any], world: World, profile: Mapping[str, Any], on: date
) -> Letter:
    """The letter of a request whose ``values`` hold; ``profile`` says who writes and to which fund."""
    nir = profile.get("nir") or values.get("nir") or ""
    number = f"Numéro de sécurité sociale : {nir}" if nir else ""
    sender = (profile.get("name") or _declared_name(values), number, *(profile.get("address") or _address(values)))
    body = asked.letter(dict(values), world) if asked.letter else asked.summary.fr
    return Letter(
        tuple(line for line in sender if line), (fund_of(values, world).fr,),
        asked.title.fr, body, tuple((one["label_fr"], one["value_fr"]) for one in whole_summary(asked, values)), on,
    )


def _declared_name(values: Mapping[str, Any]) -> str:
    """Who writes, when no account says it yet: the person who joins, or asks for an account."""
    first = values.get("first_names") or values.get("first_name") or ""
    return f"{first} {values.get('last_name') or ''}".strip()


def _address(values: Mapping[str, Any]) -> tuple[str, ...]:
    town = f"{values.get('postcode') or ''} {values.get('town') or ''}".strip()
    return tuple(line for line in (str(values.get("complement") or ""), str(values.get("street") or ""), town) if line)


def enclosed(asked: Procedure, papers: list[Mapping[str, Any]], read: Any) -> list[PaperFile]:
    """The papers of a request in the order the procedure names them; ``read`` gives a paper's bytes."""
    labels = {paper.name: paper.label.fr for paper in asked.papers}
    order = list(labels)
    known = sorted(papers, key=lambda one: order.index(one["name"]) if one["name"] in labels else len(order))
    return [PaperFile(labels.get(one["name"], one["name"]), one["filename"], one["media_type"], read(one))
            for one in known]
