"""The watching ticket over restarts of the machine: a sealed file here, its key with the desktop or with systemd."""
