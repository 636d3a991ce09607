"""Writing decided values into the Google Sheet that people go on editing meanwhile (docs/architecture.md)."""

from sheets.read import GoogleLedger
from sheets.write_job import WriteBusy, WriteConflict, WriteJob, WriteUnknown, Written

__all__ = ["LedgerWriter", "WriteBusy", "WriteConflict", "WriteJob", "WriteUnknown", "Written"]


class LedgerWriter:
    """One spreadsheet, written through the reader's own client: one atomic batch a job."""

    def __init__(self, ledger: GoogleLedger) -> None:
        """Nothing is asked yet."""
        self._ledger = ledger

    def write(self, job: WriteJob, *, already_tried: bool) -> Written:
        """Bring every row of the job into the sheet, once; raises WriteConflict, WriteUnknown or WriteBusy."""
        raise NotImplementedError
