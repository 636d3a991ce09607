"""The beginning of a channel: what to try, for whoever is acting."""

from collections.abc import Callable
from dataclasses import dataclass

from nicegui import ui

from sandbox.demo.stories import EAST, NORTH, OVERSEAS, SOUTH
from sandbox.pages.words import word
from sandbox.slack.people import CHANNELS, Person


@dataclass(frozen=True)
class Hint:
    """A name to ask for, whose customer it is, and why one would."""

    department: str
    chinese: str
    english: str


HINTS = {
    "ACME": Hint(EAST, "好客户，额度充足", "a good customer with room"),
    "C0017": Hint(EAST, "逾期 37 天，暂停发货", "37 days overdue: paused"),
    "Zhuoyuan": Hint(EAST, "长得太快，额度不够用", "grew faster than its limit"),
    "ruifeng": Hint(EAST, "逾期 75 天，拼音也找得到", "75 days overdue; pinyin finds it"),
    "恒达": Hint(EAST, "两个名字相近，先问是哪一家", "two names alike: the desk asks which"),
    "C0004": Hint(EAST, "黑名单客户", "blacklisted"),
    "Qinghe": Hint(EAST, "款到发货", "pays before delivery"),
    "Nanyue": Hint(SOUTH, "额度六天后到期", "its limit expires in six days"),
    "Qiming": Hint(SOUTH, "资料不全，暂无等级", "unrated: papers are missing"),
    "Haitong": Hint(NORTH, "台账里有读不懂的数", "the ledger has cells that cannot be read"),
    "Haihui": Hint(NORTH, "额度冻结", "on hold"),
    "Pacific": Hint(OVERSEAS, "美元客户", "trades in US dollars"),
    "Mueller": Hint(OVERSEAS, "欧元客户", "trades in euro"),
    "Hang Tat": Hint(OVERSEAS, "繁体名称", "its name is in traditional characters"),
}
BOOK = {
    "U01LIN": (EAST, ("ACME", "C0017", "Zhuoyuan", "恒达", "Pacific")),
    "U02WANG": (EAST, ("ACME", "ruifeng", "C0004", "Qinghe", "Haihui")),
    "U03SMITH": (OVERSEAS, ("Pacific", "Mueller", "Hang Tat", "ACME")),
    "U04ZHAO": (EAST, ("Zhuoyuan", "C0017", "ruifeng", "Nanyue")),
    "U05CHEN": (EAST, ("Zhuoyuan", "C0017", "C0004", "Pacific")),
}
"""Whose customers a person sees in full, and what is worth asking; everybody else works for all departments."""
EVERYWHERE = ("ACME", "C0017", "Haitong", "Qiming", "Pacific")


def hints_for(person: Person) -> list[tuple[str, str]]:
    """(what to type, why) for this person."""
    if person.guest or person.stranger:
        return [("/credit ACME", word(person, "outsider"))]
    mine, names = BOOK.get(person.id, ("", EVERYWHERE))
    found = []
    for name in names:
        hint = HINTS[name]
        why = hint.chinese if person.reads_chinese else hint.english
        away = mine not in {"", hint.department}
        found.append((f"/credit {name}", word(person, "other_department") if away else why))
    return found


def show_welcome(person: Person, channel: str, try_out: Callable[[str], None]) -> None:
    """Where one is, who one is, what to try."""
    title = (
        word(person, "begin_channel", channel=CHANNELS[channel][0]) if channel in CHANNELS else word(person, "begin_dm")
    )
    with ui.element("div").classes("welcome").props('data-testid="welcome"'):
        ui.label(title).classes("welcome-title")
        ui.label(word(person, "you_are", name=person.name, title=person.title)).classes("text-grey-7")
        for typed, why in hints_for(person):
            with ui.element("button").classes("hint").props('type="button" data-testid="hint"') as line:
                ui.label(typed).classes("hint-typed")
                ui.label(why).classes("hint-why")
            line.on("click", lambda typed=typed: try_out(typed))
        ui.label(word(person, "also")).classes("text-grey-7")
        ui.link(word(person, "try_ledger"), "/ledger?tab=客户", new_tab=True)
