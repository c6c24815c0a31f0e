"""A request as a letter to the fund, with its papers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from agent.exchange.dossier import Letter, PaperFile
from agent.procedures.model import Procedure, World
from agent.procedures.summary import whole_summary


def write_letter(
    asked: Procedure, values: Mapping[str, Any], world: World, profile: Mapping[str, Any], on: date
) -> Letter:
    """The letter of a request whose ``values`` hold; ``profile`` says who writes and to which fund."""
    nir = profile.get("nir") or ""
    number = f"Numéro de sécurité sociale : {nir}" if nir else ""
    sender = (profile.get("name") or "", number, *(profile.get("address") or ()))
    body = asked.letter(dict(values), world) if asked.letter else asked.summary.fr
    return Letter(
        tuple(line for line in sender if line), (profile.get("cpam") or "Caisse primaire d'assurance maladie",),
        asked.title.fr, body, tuple((one["label_fr"], one["value_fr"]) for one in whole_summary(asked, values)), on,
    )


def enclosed(asked: Procedure, papers: list[Mapping[str, Any]], read: Any) -> list[PaperFile]:
    """The papers of a request in the order the procedure names them; ``read`` gives a paper's bytes."""
    labels = {paper.name: paper.label.fr for paper in asked.papers}
    order = list(labels)
    known = sorted(papers, key=lambda one: order.index(one["name"]) if one["name"] in labels else len(order))
    return [PaperFile(labels.get(one["name"], one["name"]), one["filename"], one["media_type"], read(one))
            for one in known]
