"""Templates of the user service, filled in by `agent.client.service_unit`."""
