"""The audit chain: looked through, and handed out."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from scoring.findings import Finding
from storage.record import AuditEntry, Record
from texts.render import words


@dataclass(frozen=True, slots=True)
class Verified:
    """What looking through the chain came to."""

    entries: int
    head: str
    """Digest of the newest entry: it can be compared with one noted elsewhere."""
    findings: tuple[Finding, ...]
    reopened: tuple[AuditEntry, ...] = ()
    """Where `audit.head` was missing and made anew; somebody should know why."""

    def as_json(self) -> dict[str, Any]:
        """{"entries","head","findings":[...],"reopened":[{"seq","at"}]}."""
        reopened = [{"seq": one.seq, "at": one.at.isoformat()} for one in self.reopened]
        findings = [one.as_json() for one in self.findings]
        return {"entries": self.entries, "head": self.head, "findings": findings, "reopened": reopened}


def verify(record: Record) -> Verified:
    """Look through the whole chain; what is recorded meanwhile is no finding."""
    findings = record.verify_audit()
    newest = record.audit_head()
    reopened = tuple(record.audit_reopened())
    return Verified(newest.seq if newest else 0, newest.digest if newest else "", tuple(findings), reopened)


def verified_lines(lang: str, verified: Verified) -> list[str]:
    """One sentence per finding, and how it stands on the whole."""
    say = words(lang)
    if not verified.findings:
        whole = say.say("record", "audit_whole", count=verified.entries, head=verified.head)
        at = (one.at.isoformat(timespec="minutes") for one in verified.reopened)
        made_anew = zip(verified.reopened, at, strict=True)
        return [whole, *(say.say("record", "audit_reopened", seq=one.seq, at=when) for one, when in made_anew)]
    found = [say.say("record", one.code, **one.facts) for one in verified.findings]
    return [*found, say.say("record", "audit_found", count=len(found), entries=verified.entries)]


def exported(record: Record) -> Iterator[dict[str, Any]]:
    """Every entry as JSON, oldest first: `facts` stand as the text that was hashed, so anybody can check the chain."""
    for entry in record.audit_entries():
        yield {**asdict(entry), "at": entry.at.isoformat()}
