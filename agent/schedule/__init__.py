"""When the agent looks for news by itself: a polite rhythm that survives suspend, clock changes and bad days."""

from agent.schedule.clocks import Clocks, SystemClocks
from agent.schedule.errors import RefreshTooSoon
from agent.schedule.plan import Plan, Planner
from agent.schedule.schedule import Schedule
from agent.schedule.timer import ApTimer, Timer

__all__ = ["ApTimer", "Clocks", "Plan", "Planner", "RefreshTooSoon", "Schedule", "SystemClocks", "Timer"]
