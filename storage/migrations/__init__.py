"""Migrations of the record: numbered, forward only."""
