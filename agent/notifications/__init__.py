"""Telling the person that something is new, outside the screens: on the desktop, and to a program of their own.

Nothing here says more than how many and of what kind: never an amount, a name or a care. The terminal's bell is rung by
the screens, which have a terminal.
"""

from agent.notifications.notifier import Notifier

__all__ = ["Notifier"]
