"""The stand-in's service for procedures, messages to an adviser and certificates on demand.

Nobody has published how the real service takes requests, so this wire is ours: JSON over HTTP under
``/PortailAS/demarches/v1``, with the session of the pages. What it demands, how long it takes and what it answers is
the stand-in's own reading of the rules: it shares nothing with the program that asks.
"""
