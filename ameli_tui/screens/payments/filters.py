"""What the list of payments is narrowed to."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from ameli_tui.i18n import _
from ameli_tui.i18n.service_words import payment_kind
from ameli_tui.terminal.safe_text import one_line

if TYPE_CHECKING:
    from agent.protocol.payments import Facets


class Period(NamedTuple):
    """Days, inclusive; ``None`` is open."""

    name: str
    since: str | None
    until: str | None


def periods(today: date, years: list[str]) -> list[Period]:
    """Everything, this month, 3 and 12 months, then each year there is."""
    quarter, year = today - timedelta(days=92), today - timedelta(days=365)
    return [
        Period(_("all"), None, None), Period(_("this month"), today.replace(day=1).isoformat(), None),
        Period(_("3 months"), quarter.isoformat(), None), Period(_("12 months"), year.isoformat(), None),
        *(Period(name, f"{name}-01-01", f"{name}-12-31") for name in years),
    ]


class Asked(TypedDict):
    """The choices as the agent wants them; None leaves one out."""

    search: str | None
    since: str | None
    until: str | None
    beneficiary: str | None
    kind: str | None


class Filters:
    """The person's choices; each is a place in a list, so that a key steps through it."""

    def __init__(self, today: date) -> None:
        self._today = today
        self.search = ""
        self._period = self._beneficiary = self._kind = 0
        self.periods = periods(today, [])
        self.beneficiaries: list[str] = []
        self.kinds: list[str] = []

    def take_facets(self, facets: "Facets") -> None:
        """What there is to choose from."""
        chosen = self.periods[self._period]
        self.periods = periods(self._today, facets["years"])
        self._period = self.periods.index(chosen) if chosen in self.periods else 0
        self.beneficiaries = facets["beneficiaries"]
        self.kinds = facets["kinds"]
        self._beneficiary %= len(self.beneficiaries) + 1
        self._kind %= len(self.kinds) + 1

    def next_period(self, step: int) -> None:
        """Step through the periods."""
        self._period = (self._period + step) % len(self.periods)

    def next_beneficiary(self) -> None:
        """Everyone, then each person."""
        self._beneficiary = (self._beneficiary + 1) % (len(self.beneficiaries) + 1)

    def next_kind(self) -> None:
        """Every kind, then each."""
        self._kind = (self._kind + 1) % (len(self.kinds) + 1)

    def clear(self) -> None:
        """No filter at all."""
        self.search = ""
        self._period = self._beneficiary = self._kind = 0

    @property
    def active(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.search or self._period or self._beneficiary or self._kind)

    def query(self) -> Asked:
        """As the agent wants it."""
        period = self.periods[self._period]
        return {
            "search": self.search or None, "since": period.since, "until": period.until,
            "beneficiary": self.beneficiaries[self._beneficiary - 1] if self._beneficiary else None,
            "kind": self.kinds[self._kind - 1] if self._kind else None,
        }

    def title(self) -> str:
        """In words, for the border of the list."""
        said = [_("Payments")]
        if self._period:
            said.append(self.periods[self._period].name)
        if self._beneficiary:
            said.append(one_line(self.beneficiaries[self._beneficiary - 1]))
        if self._kind:
            said.append(payment_kind(self.kinds[self._kind - 1]))
        if self.search:
            said.append(_("“{text}”").format(text=one_line(self.search)))
        return " · ".join(said)
