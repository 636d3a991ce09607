"""What the rules make of an application so far: the score on every step, and everything on the last one."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, Decimal

from approvals.application import Attachment
from approvals.application_fields import FIELDS
from approvals.prospect import Prospect, cured_by
from scoring.results import Veto
from texts.application_inputs import input_of
from texts.application_sheet import Sheet
from texts.blocks import Block, fields, section
from texts.cards import grade_line
from texts.findings import veto_line
from texts.formats import harmless, money
from texts.render import Words

_SHOWN = 8


def score_line(prospect: Prospect, say: Words) -> str:
    """Score, grade or unrated, and how much of it rests on data."""
    if prospect.form.prepay:
        return say.say("application", "prepay")
    rating = prospect.assessment.rating
    if rating is None:
        return say.say("application", "no_score")
    shown = rating.score.quantize(Decimal("0.1"), ROUND_FLOOR).normalize()
    grade = grade_line(prospect.answer, say)
    if rating.grade is None:  # its grade line has said how much is covered
        return say.say("application", "score_unrated", score=f"{shown:f}", grade=grade)
    return say.say("application", "score", score=f"{shown:f}", grade=grade, coverage=f"{rating.coverage:g}")


def listed_alike(prospect: Prospect, say: Words) -> list[str]:
    """A warning that goes with the form all the way."""
    return [say.say("application", "listed_alike")] if prospect.alike else []


def review(sheet: Sheet, say: Words) -> list[Block]:
    """The last step: what is asked and proposed, what rules it out, what is missing, and the applicant's reason."""
    prospect = sheet.prospect
    blocks: list[Block] = []
    if prospect is not None:
        form = prospect.form
        name = "  ·  ".join([f"*{harmless(form.name)}*", *([harmless(form.uscc, 20)] if form.uscc else [])])
        blocks.append(section(f"{name}\n{score_line(prospect, say)}"))
        if not form.prepay:
            blocks.append(fields(_figures(prospect, sheet, say)))
        blocks += _findings(prospect, say)
    kept = list(attachments(sheet.filled.attachments, say)) or [say.say("application", "attached_none")]
    blocks.append(section("\n".join([_bold("attached", say), *kept])))
    blocks.append(input_of(FIELDS["reason"], sheet, say))
    return blocks


def _bold(label: str, say: Words) -> str:
    return f"*{say.topic('application', 'label')[label]}*"


def _figures(prospect: Prospect, sheet: Sheet, say: Words) -> list[str]:
    asked, currency = prospect.form.asked, prospect.form.currency
    limit = money(asked.limit, say.lang, currency)
    shown = {
        "asked": say.say("application", "asked", limit=limit, days=asked.payment_days),
        "proposed": proposed(prospect, say),
    }
    if prospect.expected_loss:
        loss = money(prospect.expected_loss, say.lang, sheet.base_currency)
        shown["loss"] = say.say("application", "loss", amount=loss)
    return [f"{_bold(name, say)}\n{text}" for name, text in shown.items()]


def proposed(prospect: Prospect, say: Words) -> str:
    """Limit, days and what binds them, with the conditions; or that there is no line, and why."""
    proposal = prospect.proposal
    if proposal is None:
        return say.say("application", "no_score")
    binding = say.word("binding", proposal.binding)
    if not proposal.limit:
        return say.say("application", "proposed_none", binding=binding)
    limit = money(proposal.limit, say.lang, prospect.form.currency)
    line = say.say("application", "proposed", limit=limit, days=proposal.payment_days, binding=binding)
    conditions = [say.word("condition", code) for code in proposal.conditions if code != "open_account"]
    if conditions:
        line += "\n" + say.say("application", "conditions", conditions=say.labels["list"].join(conditions))
    return line


def _findings(prospect: Prospect, say: Words) -> list[Block]:
    steps = say.topic("application", "step")
    lists: list[tuple[str, list[str]]] = [
        ("knock_outs", [_veto("knock_out", one, prospect, say) for one in prospect.knock_outs]),
        ("caps", [_veto("cap", one, prospect, say) for one in prospect.caps]),
        (
            "lacking",
            [
                say.say(
                    "application", "missing_in", step=steps[one.step], points=f"{one.points:g}",
                    factors=say.labels["list"].join(say.word("factor", name) for name in one.factors),
                )
                for one in prospect.lacking
            ],
        ),
    ]  # fmt: skip
    blocks = [section("\n".join([_bold(label, say), *_points(lines)])) for label, lines in lists if lines]
    odd = listed_alike(prospect, say)
    if prospect.over_statutory is not None:
        odd.append(say.say("application", "over_statutory", days=prospect.over_statutory))
    return [*blocks, *([section("\n".join(odd))] if odd else [])]


def _points(lines: Sequence[str]) -> list[str]:
    return [f"• {line}" for line in lines[:_SHOWN]]


def _veto(code: str, veto: Veto, prospect: Prospect, say: Words) -> str:
    """A veto, what would cure it, and the step where."""
    step = cured_by(veto)
    return say.say(
        "application", code, line=veto_line(veto.finding.as_json(), prospect.answer, say),
        cure=say.word("lift", veto.id), step=say.topic("application", "step")[step] if step else "",
    )  # fmt: skip


def attachments(found: Iterable[Attachment], say: Words) -> list[str]:
    """One line for each file."""
    words = say.topic("application", "field")
    return [
        say.say("application", "attached", kind=words[f"files.{one.kind}"], name=harmless(one.name, 60),
                size=_size(one.size, say))
        for one in found
    ]  # fmt: skip


def _size(count: int, say: Words) -> str:
    if count < 1_000_000:
        return say.say("application", "kilobytes", count=max(1, round(count / 1000)))
    return say.say("application", "megabytes", count=f"{count / 1_000_000:.1f}")
