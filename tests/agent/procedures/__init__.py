"""Tests of the declarations and their checks."""
