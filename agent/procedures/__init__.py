"""What a person can *ask for*: procedures as declarations, and one engine for all. Pure: no I/O, no clock."""
