"""What a locked vault may be told of messages and statements: that there are new ones.

Opening a message would mark it read at the service, and statements stay there for two years: both are fetched once the
vault is open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.store.messages import message_ids
from agent.sync.steps.inbox import row_ref
from agent.sync.steps.statements import list_statements

if TYPE_CHECKING:
    from agent.account.sync_notes import StatementsNote
    from agent.sync.context import Reading
    from agent.sync.result import Outcome


async def list_inbox(run: Reading) -> Outcome:
    """Note the messages that are neither kept nor announced yet; they count as new."""
    rows = list(dict.fromkeys(await run.portal.inbox()))
    listed = zip(message_ids((row.received_on, row.sender, row.subject) for row in rows), rows, strict=True)
    state = run.known.notes().get("inbox", {})
    kept, refs = run.known.messages()
    announced = state.get("announced", [])
    new = [key for key, row in listed if key not in kept and row_ref(row) not in refs and key not in announced]
    if new:
        run.result.new["messages"] += len(new)
        await run.note(inbox={**state, "announced": sorted({*announced, *new})})
    return "read"


async def list_new_statements(run: Reading) -> Outcome:
    """The same of the monthly statements."""
    state = run.known.notes().get("statements", {})
    days = [day for day in (state.get("listed_on"), state.get("looked_on")) if day]
    listed = await list_statements(run, max(days, default=None))
    kept, announced = run.known.statements(), state.get("announced", [])
    new = [key for key in listed if key not in kept and key not in announced]
    run.result.new["documents"] += len(new)
    note: StatementsNote = {**state, "looked_on": run.today.isoformat()}
    if new:
        note["announced"] = sorted({*announced, *new})
    await run.note(statements=note)
    return "read"
