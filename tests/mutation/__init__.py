"""Mutation testing: the code is spoilt in one place at a time, and a test has to notice.

``python -m tests.mutation GROUP ...`` (no group: lists them). It is slow (minutes a group) and not part of the suite.
"""
