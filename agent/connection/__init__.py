"""The agent's relation with the account service: who signs in, when, and when it must not."""

from agent.connection.connect import connect
from agent.connection.connection import Connection
from agent.connection.errors import NoAccount, NoSignInPending, PasswordNeeded, Refused, SignInTooSoon

__all__ = ["Connection", "NoAccount", "NoSignInPending", "PasswordNeeded", "Refused", "SignInTooSoon", "connect"]
