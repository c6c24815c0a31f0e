"""What the assistant may ask about the person: the agent's own answers, in the shapes of the contract."""

from typing import Protocol

from agent.protocol.account import Profile
from agent.protocol.deadlines import Deadline
from agent.protocol.messages import KeptMessage
from agent.protocol.money import Coverage, Ledger, Owed, Year
from agent.protocol.payments import Explanation, PaymentDetail
from agent.protocol.requests import RequestRecord


class Data(Protocol):
    """The person's data. Each method may raise AmeliError, which ends the question with that error."""

    def payments(self) -> list[PaymentDetail]:
        """Every payment, newest first."""
        ...

    def explain(self, payment: str) -> Explanation:
        """One payment explained."""
        ...

    def ledger(self, year: int) -> Ledger:
        """Participations and franchises of a year."""
        ...

    def owed(self) -> Owed:
        """What is still to come or worth asking about."""
        ...

    def year(self, year: int) -> Year:
        """Spent, reimbursed and left in a year."""
        ...

    def messages(self) -> list[KeptMessage]:
        """The inbox, newest first."""
        ...

    def profile(self) -> Profile:
        """The person, the family, the fund."""
        ...

    def coverage(self) -> Coverage:
        """The top-up contract."""
        ...

    def requests(self) -> list[RequestRecord]:
        """What was asked for, newest first."""
        ...

    def deadlines(self) -> list[Deadline]:
        """What has a date, nearest first."""
        ...
