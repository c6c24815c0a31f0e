"""When the agent looks for news by itself: a polite rhythm that survives suspend, clock changes and bad days."""

from agent.sync.scheduler.clocks import Clocks, SystemClocks
from agent.sync.scheduler.errors import RefreshTooSoon
from agent.sync.scheduler.plan import Plan, Planner
from agent.sync.scheduler.scheduler import ApTimer, Schedule, Timer

__all__ = ["ApTimer", "Clocks", "Plan", "Planner", "RefreshTooSoon", "Schedule", "SystemClocks", "Timer"]
