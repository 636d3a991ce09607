"""A local Slack-compatible workspace and a local Sheets-compatible ledger, for trying and testing."""
