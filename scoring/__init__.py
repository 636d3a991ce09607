"""The rules of trade credit: pure functions of the ledger, the policy and a day."""
