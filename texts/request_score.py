"""The score of a request as an expert moved it: beside what the rules found, by name, with the reason."""

from texts.formats import day, harmless
from texts.render import Words
from texts.request_sheet import RequestSheet, ScoreMove
from texts.request_terms import moment


def points_said(points: object, say: Words) -> str:
    """Signed, without trailing zeros: +3, −2.5."""
    number = float(str(points))
    sign = "+" if number > 0 else "−"
    return say.say("request", "points", number=f"{sign}{abs(number):g}")


def score_lines(sheet: RequestSheet, say: Words) -> list[str]:
    """What moved the score, newest last; the first line says from where to where."""
    lines = [_move(one, sheet, say) for one in sheet.moves]
    if sheet.own_score is None or sheet.score is None or not lines:
        return lines
    was, now = (f"{int(score * 10) / 10:g}" for score in (sheet.own_score, sheet.score))
    return [say.say("request", "score_moved", was=was, now=now), *lines]


def _move(one: ScoreMove, sheet: RequestSheet, say: Words) -> str:
    line = say.say(
        "request", "score_move", who=harmless(one.who, 40), at=moment(one.at, say, sheet.today),
        points=points_said(one.points, say), reason=harmless(one.reason, 300),
        until=day(one.until, say.lang, year=sheet.today.year),
    )  # fmt: skip
    return line if one.counts else say.say("request", "score_move_over", line=line)
