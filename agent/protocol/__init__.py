"""What client and agent must agree on before they talk. Imported by both sides; imports nothing."""

PROTOCOL = 1
"""Raised by hand whenever a call changes meaning; a test ties it to the list of calls."""

PROTOCOL_HEADER = "x-agent-protocol"
BACKGROUND_HEADER = "x-agent-background"
"""Set by a screen that refreshes on its own: such a call does not keep the vault open."""
