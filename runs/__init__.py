"""The life of a run: opening, lock, reconciliation, ledger, outcome, closing."""
