"""Lines that the cards, the file and the lists share: what is asked, what speaks against it, who signs, how long."""

from typing import Any

from approvals.steps import Act
from texts.findings import capital, reason, veto_line, warning_line
from texts.formats import day, harmless, money
from texts.render import Words
from texts.request_sheet import Bad, Found, RequestSheet, Signed, Stop
from texts.request_terms import joined, moment, person_said, role_said, terms_said, whole_terms

_TERMED: frozenset[Act] = frozenset({"approve", "recommend"})
_MONEY = frozenset({"exposure", "overdue", "proposed_limit"})


def headline(sheet: RequestSheet, say: Words) -> str:
    """Line 1: what is asked and what the rules propose."""
    kind = say.say("request", f"kind_{sheet.kind}")
    asked, proposed = terms_said(sheet.asked, say), terms_said(sheet.proposed, say)
    if sheet.asked.prepay:
        return say.say("request", "asked_prepay", kind=kind)
    if not sheet.proposed.limit:
        return say.say("request", "asked_nothing", kind=kind, asked=asked)
    code = "asked_same" if asked == proposed else "asked_proposed"
    return say.say("request", code, kind=kind, asked=asked, proposed=proposed)


def identity_line(sheet: RequestSheet, say: Words) -> str:
    """Line 2: whose request, its number, the grade with the score, the department, who filed it."""
    parts = [f"*{harmless(sheet.name)}*", sheet.request_no, grade_said(sheet, say)]
    if sheet.department:
        parts.append(harmless(sheet.department, 40))
    return "  ·  ".join([*parts, filed_said(sheet, say)])


def grade_said(sheet: RequestSheet, say: Words) -> str:
    """The grade of today with its score; an unrated customer has neither."""
    if sheet.grade is None or sheet.score is None:
        if sheet.coverage is None:
            return say.say("card", "no_grade")
        return say.say("card", "unrated", coverage=f"{sheet.coverage:g}")
    grade = say.say("card", "graded", grade=sheet.grade)
    return say.say("request", "score", grade=grade, score=f"{int(sheet.score * 10) / 10:g}")


def filed_said(sheet: RequestSheet, say: Words) -> str:
    """Who filed it and when."""
    code = "filed" if sheet.round == 1 else "filed_again"
    at = moment(sheet.filed_at, say, sheet.today)
    return say.say("request", code, who=harmless(sheet.applicant, 40), at=at, round=sheet.round)


def bad_line(bad: Bad, sheet: RequestSheet, say: Words) -> str:
    """One thing that speaks against it."""
    found, answer = bad.found, sheet.answer
    if bad.kind == "veto":
        return veto_line(found, answer, say)
    if bad.kind == "warning":
        return warning_line(found, answer, say)
    if bad.kind == "reason":
        return capital(reason(found, answer, say))
    if bad.kind == "missing":
        factors = say.labels["list"].join(say.word("factor", name) for name in found["facts"]["factors"])
        return say.say("request", "flag_missing", points=f"{found['facts']['points']:g}", factors=factors)
    code = f"flag_{found['code']}"
    return say.say("request", code) if say.has("request", code) else harmless(found["code"], 60)


def worst_line(sheet: RequestSheet, say: Words) -> str:
    """The worst of all, and how many more there are."""
    if not sheet.bad:
        return say.say("request", "nothing_bad")
    first, count = bad_line(sheet.bad[0], sheet, say), len(sheet.bad) - 1
    return say.say("request", "bad_more", first=first, count=count) if count else first


def bound_said(binding: str, say: Words) -> str:
    """Which of the bounds made the proposal what it is."""
    code = "bound_short" if binding in {"missing_data", "rule_cap", "request"} else "bound_by"
    return say.say("card", code, binding=say.word("binding", binding))


def loss_line(sheet: RequestSheet, say: Words) -> str | None:
    """What the line would cost; None where there is none."""
    loss = sheet.loss
    if loss is None:
        return None
    base = sheet.base_currency
    line = say.say(
        "request", "loss", amount=money(loss.amount, say.lang, base), pd=_plain(loss.pd_pct),
        lgd=_plain(loss.lgd_pct), exposure=money(loss.exposure, say.lang, base),
    )  # fmt: skip
    if not loss.ledger:
        return line
    return say.say("request", "loss_ledger", loss=line, ledger=money(loss.ledger, say.lang, base))


def _plain(number: Any) -> str:
    return "—" if number is None else f"{float(number):g}"


def change_line(found: Found, sheet: RequestSheet, say: Words) -> str:
    """One fact that is another one than at filing."""
    direction = found["code"].rpartition("_")[2]
    code, facts = found["code"].removesuffix(f"_{direction}"), found["facts"]
    if code == "veto":
        return say.say("request", f"change_veto_{direction}", veto=say.word("veto_short", facts["veto"]))
    if code == "warning":
        colour, warning = say.word("colour", facts["colour"]), _warned(facts["warning"], say)
        return say.say("request", f"change_warning_{direction}", colour=colour, warning=warning)
    was, now = (_changed(code, facts[name], sheet, say) for name in ("was", "now"))
    return say.say("request", f"change_{code}", was=was, now=now)


def _warned(code: str, say: Words) -> str:
    return say.say("request", f"warned_{code}") if say.has("request", f"warned_{code}") else say.word("warning", code)


def _changed(code: str, value: Any, sheet: RequestSheet, say: Words) -> str:
    if code == "grade":
        return say.labels["unrated"] if value is None else str(value)
    if code == "verdict":
        return say.word("preview", f"verdict_{value or 'none'}")
    if code in _MONEY:
        return money(value, say.lang, sheet.currency)
    return "—" if value is None else str(value)


def changed_lines(sheet: RequestSheet, say: Words) -> list[str]:
    """What is not as it was at filing: what got worse first."""
    lines = []
    for code, severity in (("changed_worse", "red"), ("changed_better", "info")):
        said = [change_line(one, sheet, say) for one in sheet.changes if one["severity"] == severity]
        if said:
            lines.append(say.say("request", code, changes=say.labels["semicolon"].join(said)))
    return lines


def signer_said(one: Signed, say: Words) -> str:
    """Who acted, with his post, and in whose place."""
    who = person_said(one.who, one.role, say) if one.who else say.say("request", "clock")
    return say.say("request", "for_whom", who=who, whom=harmless(one.for_whom, 40)) if one.for_whom else who


def signed_line(one: Signed, sheet: RequestSheet, say: Words, *, bare: bool = False) -> str:
    """Who did what and when, in which words; `bare` where the terms stand above it already."""
    who = signer_said(one, say)
    act = say.say("request", "act_decided" if one.decides else f"act_{one.act}", to=harmless(one.to, 40))
    line = say.say("request", "signed", who=who, at=moment(one.at, say, sheet.today), act=act)
    if one.terms is not None and one.act in _TERMED and not bare:
        line = say.say("request", "signed_terms", line=line, terms=whole_terms(one.terms, say, sheet.today))
    return say.say("request", "signed_reason", line=line, reason=harmless(one.reason, 300)) if one.reason else line


def stop_line(stop: Stop, say: Words) -> str:
    """Whose turn it is, and to do what."""
    joint = {"any": "or", "all": "and", "majority": "list"}[stop.mode]
    who = say.say("request", "person", who=joined(_named(stop, say), joint, say), role=role_said(stop.role, say))
    line = say.say("request", "stop_decides" if stop.decides else f"stop_{stop.kind}", who=who)
    if len(stop.names) > 1 and stop.mode != "any":
        line = say.say("request", "all_of" if stop.mode == "all" else "most_of", line=line)
    if not stop.passed_up:
        return line
    posts = say.labels["list"].join(role_said(role, say) for role in stop.passed_up)
    return say.say("request", "vacant", stop=line, posts=posts)


def _named(stop: Stop, say: Words) -> list[str]:
    """Who may sign, each with who does it for him while he is away."""
    said = []
    for place, name in enumerate(stop.names):
        other = stop.stand_ins[place] if stop.stand_ins else ""
        shown = harmless(name, 40)
        said.append(say.say("request", "away", who=shown, other=harmless(other, 40)) if other else shown)
    return said


def next_line(sheet: RequestSheet, say: Words) -> str | None:
    """Who is next and who comes after; None when nobody is."""
    if not sheet.waiting:
        return None
    now = say.labels["comma"].join(stop_line(stop, say) for stop in sheet.waiting)
    if not sheet.to_come:
        return now
    then = say.labels["comma"].join(stop_line(stop, say) for stop in sheet.to_come)
    return say.say("request", "next_then", now=now, then=then)


def due_line(sheet: RequestSheet, say: Words) -> str | None:
    """How long is left; None when nothing runs."""
    if sheet.expires_on is None:
        return None
    last = day(sheet.expires_on, say.lang, year=sheet.today.year)
    if sheet.escalated:
        line = say.say("request", "due_over", day=last)
    elif sheet.escalates_at is None or sheet.hours_left is None:
        line = say.say("request", "due_expires", day=last)
    else:
        at = moment(sheet.escalates_at, say, sheet.today)
        line = say.say("request", "due", hours=_plain(sheet.hours_left), at=at, day=last)
    return say.say("request", "provisional", line=line) if sheet.provisional else line
