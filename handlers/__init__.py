"""Slack comes in: parse, call one flow, answer."""
