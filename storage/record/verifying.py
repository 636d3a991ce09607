"""Looking through the audit chain: what was changed, is missing, out of order, cut off or made anew."""

from collections.abc import Callable, Iterable, Iterator

from scoring.findings import Finding
from storage.record.chain import Head, digest_of, is_ours
from storage.record.kinds import AuditEntry
from storage.record.moments import micros


def problems(
    key: bytes,
    outside: Head | None,
    first: Head | None,
    entries: Iterable[AuditEntry],
    head: Callable[[], Head | None],
    *,
    copied: bool,
) -> Iterator[Finding]:
    """Everything wrong, in the order of the chain.

    `outside` was read before `first`, `first` before the entries, and `head` is asked after them, so that what is
    recorded meanwhile is no problem. `copied` says whether a copy of the head is kept outside at all.
    """
    if first is not None and not is_ours(key, first):
        yield _found("audit_head_forged")
    if outside is not None and not is_ours(key, outside):
        yield _found("audit_copy_forged")
        outside = None
    elif outside is None and copied and first is not None:
        yield _found("audit_copy_missing")
    known_heads = [one for one in (outside, first) if one is not None]
    walk = _Walk({one.count: one.digest for one in known_heads})
    yield from walk.through(entries)
    last = head()
    known = max((one.count for one in known_heads), default=0)
    if walk.reached < known:
        yield _found("audit_cut", kept=walk.reached, known=known)
    if first is None and walk.reached:
        yield _found("audit_head_missing", kept=walk.reached)
    elif last is not None and walk.reached > last.count:
        yield _found("audit_added", kept=walk.reached, known=last.count)


class _Walk:
    """One way through the entries."""

    def __init__(self, heads: dict[int, str]) -> None:
        self._heads = heads
        self.reached = 0
        self._digest = ""

    def through(self, entries: Iterable[AuditEntry]) -> Iterator[Finding]:
        for entry in entries:
            yield from self._step(entry)
            self.reached, self._digest = entry.seq, entry.digest

    def _step(self, entry: AuditEntry) -> Iterator[Finding]:
        if entry.seq != self.reached + 1:
            yield _found("audit_missing", after=self.reached, before=entry.seq)
        digest = digest_of(
            entry.seq, micros(entry.at), entry.request_no, entry.act, entry.person, entry.facts, entry.before
        )
        if digest != entry.digest:
            yield _found("audit_changed", seq=entry.seq)
        elif entry.before != self._digest and entry.seq == self.reached + 1:
            yield _found("audit_order", seq=entry.seq)
        if self._heads.get(entry.seq, entry.digest) != entry.digest:
            yield _found("audit_rewritten", seq=entry.seq)


def _found(code: str, **facts: int) -> Finding:
    return Finding(code, "red", facts)
