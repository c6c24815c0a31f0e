"""The agent's relation with the account service: who signs in, when, and when it must not."""

from agent.connection.connection import Connection
from agent.connection.errors import NoAccount, NoSignInPending, PasswordNeeded, Refused, SignInTooSoon
from agent.connection.factory import connect

__all__ = ["Connection", "NoAccount", "NoSignInPending", "PasswordNeeded", "Refused", "SignInTooSoon", "connect"]
