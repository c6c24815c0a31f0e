"""Readers of other programs' files: statements (PDF), recorded sessions (HAR), bank files, attachments.

Bytes in, objects out.
"""
