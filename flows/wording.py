"""What people write around a customer's name: questions, courtesies, an order's amount, words that come later. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LATER_WORDS = frozenset({
    "new", "request", "queue", "mine", "delegate", "overdue", "case", "check",
    "新客户", "申请", "待办", "我的", "委托", "代办", "逾期", "事件", "检查",
})  # fmt: skip
"""First words of `/credit` that mean something else than a customer, once it is built."""
CASE_WORDS = frozenset({"case", "事件"})
"""Open a case, where a button can be pressed for it."""
COLLECT_WORDS = frozenset({"collect", "催收"})
"""First words of `/credit` that ask for a customer's dunning."""
_TAKES_NAME = frozenset({"request", "case", "overdue", "申请", "事件", "逾期"})

_BEFORE = """
    你好 您好 在吗 授信台 请问 请 麻烦 帮我 帮忙 我想 想问 问一下 问下 查一下 查下 查查 查询 查 看一下
    看下 看看 检查 客户 关于 这家 今天 明天 现在 还能不能 还能 能不能 可不可以 是否可以 是否 可以 能 给
    向 对 往 发货给 发货 the hi hello hey please pls check look lookup up show me tell what how about
    can may could should is i we you ship deliver to for of customer credit limit creditdesk
"""
_AFTER = """
    吗 么 呢 吧 啊 了 的 能发货 可以发货 能不能发货 可不可以发货 是否可以发货 发货 出货 放货 放行 赊账
    今天 明天 现在 还能 还可以 能不能 可不可以 是否可以 是否 可以 能 行不行 行 可用额度 授信额度 额度
    授信 信用 账期 情况 怎么样 如何 还有多少 是多少 有多少 多少 还有 还 查一下 这家 客户 谢谢 请问
    please pls today now tomorrow thanks thank you ok okay clear to ship credit limit
"""
_STEPS = 16
_EDGES = " \t\r\n?!.,;:？！。，；：、~～@/“”\"'`"
_AMOUNT = re.compile(
    r"(?:[¥$€]\s*)?(?:[0-9][0-9,]*(?:\.[0-9]+)?\s*(?:万元|万|亿元|亿|千|元|块|[wkm])(?![a-z])|(?<=\s)[¥$€]?\s*[0-9][0-9,]*(?:\.[0-9]+)?)"
    r"(?:\s+[0-9]{1,3}\s*(?:天|days?|d)?)?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Order:
    """An order somebody wants checked: whose it is, as written."""

    name: str


@dataclass(frozen=True, slots=True)
class Later:
    """A word that comes later or opens something, and the customer it was about, if one was named."""

    name: str
    word: str = ""


def order_in(text: str) -> Order | None:
    """`ACME 50000 30`, `check ACME 5万`, `艾克美5万`: None where no amount follows a name."""
    plain = unicodedata.normalize("NFKC", text).strip()
    first, _, rest = plain.partition(" ")
    plain = rest.strip() if first.casefold() in {"check", "检查"} else plain
    amount = _AMOUNT.search(plain)
    if amount is None:
        return None
    name = plain[: amount.start()].strip(_EDGES)
    return Order(name) if name else None


def later_in(text: str) -> Later | None:
    """`new`, `queue`, `request ACME`: None for anything that does not begin with such a word."""
    first, _, rest = text.strip().lstrip("/").partition(" ")
    word = first.casefold()
    if word not in LATER_WORDS or (rest.strip() and word not in _TAKES_NAME):
        return None
    return Later(rest.strip(), word)


def collect_in(text: str) -> str | None:
    """`collect ACME`: the name, "" where none follows, None for anything else."""
    first, _, rest = text.strip().lstrip("/").partition(" ")
    return rest.strip() if first.casefold() in COLLECT_WORDS else None


def barer(text: str) -> Iterator[str]:
    """The text with less and less around the name, one word at a time; what stood in the middle is never touched.

    A name may itself begin with such a word (能达, May Trading), so each step is worth a look before the next.
    """
    plain = unicodedata.normalize("NFKC", text).strip(_EDGES)
    if plain and plain != text.strip():
        yield plain
    for _ in range(_STEPS):
        shorter = _less(plain)
        if shorter is None:
            return
        plain = shorter
        yield plain


def _less(plain: str) -> str | None:
    low = plain.casefold()
    for word in _LONGEST_AFTER:
        if low.endswith(word) and _apart(low[: -len(word)][-1:], word[0]):
            return plain[: -len(word)].strip(_EDGES) or None
    for word in _LONGEST_BEFORE:
        if low.startswith(word) and _apart(low[len(word) :][:1], word[-1]):
            return plain[len(word) :].strip(_EDGES) or None
    return None


def _apart(left: str, right: str) -> bool:
    """Whether two neighbours belong to different words: letters that touch do not."""
    return not (left.isascii() and left.isalnum() and right.isascii() and right.isalnum())


_LONGEST_BEFORE = sorted(_BEFORE.split(), key=len, reverse=True)
_LONGEST_AFTER = sorted(_AFTER.split(), key=len, reverse=True)
