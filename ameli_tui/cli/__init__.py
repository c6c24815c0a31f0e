"""The commands: one file per group over one ``output.py``. They ask the agent and hold nothing on disk themselves."""
