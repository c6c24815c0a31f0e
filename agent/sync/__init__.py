"""One sync run: what is new at the account service comes into the store, and nothing leaves it.

A run is a row of steps (payments, statements, inbox, profile). What one step cannot read becomes a problem in the
result and the others go on. Every step writes what it has as it goes, so that an interrupted run loses nothing and the
next one continues where it stopped. Absence is never deletion.
"""

from agent.sync.result import Progress, SyncResult, no_progress
from agent.sync.run import SyncRun, run_sync

__all__ = ["Progress", "SyncResult", "SyncRun", "no_progress", "run_sync"]
