"""What quiet hours keep back: counts alone, so that it can be told in one go in the morning."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Held:
    """All that came and was not told; nothing of it is kept over a restart, when the screens show it anyway."""

    new: dict[str, int] = field(default_factory=dict)
    person: bool = False
    deadlines: int = 0
    backup: bool = False

    def __bool__(self) -> bool:
        return bool(self.new or self.person or self.deadlines or self.backup)

    def news(self, counts: Mapping[str, int]) -> None:
        """Add what is new, by kind."""
        for kind, number in counts.items():
            self.new[kind] = self.new.get(kind, 0) + number
