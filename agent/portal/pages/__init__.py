"""Each page of the service and how it is read."""
