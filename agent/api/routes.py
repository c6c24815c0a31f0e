"""Every call, and which of them a request is."""

from collections.abc import Callable
from urllib.parse import unquote

from agent.api.handlers import (
    account,
    assistant,
    backups,
    certificates,
    damage,
    deadlines,
    estimates,
    exports,
    imports,
    money,
    newcomer,
    page_changes,
    process,
    requests,
    requests_by_hand,
    tariffs,
    vault,
    vault_data,
)
from agent.api.handlers.call import Call, Context, Gate
from agent.core.agent import Agent
from agent.core.refusals import NoSuchCall

CALLS: dict[tuple[str, str], Call] = {
    **process.CALLS, **vault.CALLS, **assistant.CALLS, **account.CALLS, **certificates.CALLS, **vault_data.CALLS,
    **estimates.CALLS, **money.CALLS, **requests.CALLS, **deadlines.CALLS, **imports.CALLS, **newcomer.CALLS,
    **page_changes.CALLS, **damage.CALLS, **tariffs.CALLS, **exports.CALLS, **requests_by_hand.CALLS, **backups.CALLS,
}
"""Every call by method and path; ``*`` stands for an id."""


def gate(agent: Agent, stop: Callable[[], None]) -> Gate:
    """The way into one agent. ``stop`` begins the end of the process."""
    return Gate(Context(agent, stop), find)


def find(method: str, path: str) -> tuple[Call, str]:
    """The call, and the id in the path where it stands for one. Raises NoSuchCall."""
    call = CALLS.get((method, path))
    if call is not None:
        return call, ""
    parts = path.split("/")  # "", "v1", name, id[, rest]
    if len(parts) > 3:
        pattern = "/".join([*parts[:3], "*", *parts[4:]])
        call = CALLS.get((method, pattern))
        if call is not None:
            return call, unquote(parts[3])
    raise NoSuchCall
