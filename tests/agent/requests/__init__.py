"""Tests of requests and their outbox."""
