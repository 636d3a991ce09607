"""Looking through the audit chain: what was changed, is missing, out of order, cut off or made anew."""

from collections.abc import Iterable, Iterator

from scoring.findings import Finding
from storage.record.chain import Head, digest_of, is_ours
from storage.record.kinds import AuditEntry
from storage.record.moments import micros


def problems(key: bytes, outside: Head | None, entries: Iterable[AuditEntry], *, copied: bool) -> Iterator[Finding]:
    """Everything wrong, in the order of the chain.

    `outside` is the head's copy, read before the entries, so that what is recorded meanwhile is no problem; `copied`
    says whether there should be one.
    """
    if outside is None and copied:
        yield _found("audit_copy_missing")
    if outside is not None and not is_ours(key, outside):
        yield _found("audit_copy_forged")
        outside = None
    reached, digest = 0, ""
    for entry in entries:
        yield from _wrong_with(key, entry, reached, digest)
        if outside is not None and outside.count == entry.seq and outside.digest != entry.digest:
            yield _found("audit_rewritten", seq=entry.seq)
        reached, digest = entry.seq, entry.digest
    if reached == 0:
        yield _found("audit_emptied", known=0 if outside is None else outside.count)
    elif outside is not None and reached < outside.count:
        yield _found("audit_cut", kept=reached, known=outside.count)


def _wrong_with(key: bytes, entry: AuditEntry, reached: int, digest: str) -> Iterator[Finding]:
    """One entry by itself, and as the one that follows number `reached` with that digest."""
    at = micros(entry.at)
    if entry.seq != reached + 1:
        yield _found("audit_missing", after=reached, before=entry.seq)
    if digest_of(entry.seq, at, entry.request_no, entry.act, entry.person, entry.facts, entry.before) != entry.digest:
        yield _found("audit_changed", seq=entry.seq)
    elif not is_ours(key, Head(entry.seq, at, entry.digest, entry.mac)):
        yield _found("audit_forged", seq=entry.seq)
    elif entry.seq == reached + 1 and entry.before != digest:
        yield _found("audit_order", seq=entry.seq)


def _found(code: str, **facts: int) -> Finding:
    return Finding(code, "red", facts)
