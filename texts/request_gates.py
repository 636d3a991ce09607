"""The intake gates of a request in words."""

from approvals.gates import Gate
from texts.formats import harmless
from texts.render import Words
from texts.request_sheet import RequestSheet
from texts.request_terms import moment


def gate_line(gate: Gate, sheet: RequestSheet, say: Words) -> str:
    """What one gate found, by whom, when and from which source."""
    gate_word, result = say.say("request", f"gate_{gate.name}"), say.say("request", f"result_{gate.result}")
    line = say.say("request", "gate", gate=gate_word, result=result)
    found = [say.word("veto_short", code) for code in gate.found if code.startswith("V")]
    if found:
        line = say.say("request", "gate_found", line=line, found=say.labels["list"].join(found))
    if gate.person and gate.at is not None:
        at = moment(gate.at, say, sheet.today)
        line = say.say("request", "gate_by", line=line, who=harmless(gate.person, 40), at=at)
    return line if not gate.source else f"{line}  ·  {_source(gate.source, say)}"


def _source(source: str, say: Words) -> str:
    if source in {"ledger", "form"}:
        return say.say("request", f"source_{source}")
    kind, _, fingerprint = source.partition(" ")
    return say.say("request", "source_policy", fingerprint=fingerprint) if kind == "policy" else harmless(source, 60)
