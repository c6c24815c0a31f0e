"""Templates of the user service, filled in by `agent.service`."""
