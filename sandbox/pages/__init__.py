"""The pages in the browser: the workspace and the ledger."""
