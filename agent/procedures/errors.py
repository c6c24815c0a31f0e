"""What can go wrong when asking for a procedure."""

from agent.errors import AmeliError


class NoSuchProcedure(AmeliError):
    """No procedure has that name."""

    code = "no_such_procedure"
    http_status = 404
    fr = "Aucune démarche ne s'appelle « {name} ».{near_fr}"
    en = "No procedure is called “{name}”.{near_en}"
    hint_fr = "« ameli procedures » les liste toutes."
    hint_en = "`ameli procedures` lists them all."

    def __init__(self, *, name: str, near: str | None = None) -> None:
        super().__init__(
            name=name, near_fr=f" Vouliez-vous dire « {near} » ?" if near else "",
            near_en=f" Did you mean “{near}”?" if near else "",
        )
