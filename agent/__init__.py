"""The background agent: one process that owns the data, talks to the account service and answers the screens."""

VERSION = "0.1.0"
