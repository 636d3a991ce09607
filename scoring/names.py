"""Company names as people type them: normalised, simplified, without legal form, as pinyin; USCC; likeness."""

import re
import unicodedata

from rapidfuzz.distance import DamerauLevenshtein

from scoring import sounds
from scoring.scripts import simplified

USCC_CODES = ("uscc_length", "uscc_alphabet", "uscc_check")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {char: value for value, char in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_KEPT = re.compile(
    r"[^0-9a-z\u3400-\u4dbf\u4e00-\u9fff\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff\u3040-\u30ff\uac00-\ud7af]+"
)
_FORMS_ZH = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "股份公司", "集团公司", "总公司", "分公司", "公司",
    "集团", "个体工商户", "合伙企业", "厂",
)  # fmt: skip
_LAST_ZH = tuple({form[-1] for form in _FORMS_ZH})
_FORMS_EN = re.compile(
    r"(?:\b(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|llp|plc|gmbh|ag|sa|sarl|srl|spa|bv|nv|oy|ab|"
    r"as|pte|pty|sdn|bhd|kg|kk|holdings?|group)\b[\s.,&]*)+$",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """Control and zero-width characters removed, blanks folded, nothing else: what a person typed, fit to show."""
    if text.isprintable():  # nothing but letters and plain blanks
        return " ".join(text.split()) if "  " in text or text[:1] == " " or text[-1:] == " " else text
    kept = "".join(
        " " if char in "\t\n\r" else char for char in text if char in "\t\n\r" or unicodedata.category(char)[0] != "C"
    )
    return " ".join(kept.split())


def normalise(name: str) -> str:
    """What makes two spellings of a name equal: width, case, blanks, dashes, brackets, punctuation do not count."""
    if name.isascii() and name.isalnum():
        return name.lower()
    return _KEPT.sub("", unicodedata.normalize("NFKC", name).casefold())


def stem(name: str) -> str:
    """The normalised name without its legal form (有限公司, Co., Ltd, GmbH); never empty for a non-empty name."""
    wide = unicodedata.normalize("NFKC", name).strip(" .,")
    # an English form can only stand at the end, so a name that ends in Chinese needs no look for one
    plain = normalise(wide if wide[-1:] >= "\u3400" else _FORMS_EN.sub("", wide) or name)
    return without_form(plain) or normalise(name)


def without_form(plain: str) -> str:
    """A normalised name without its Chinese legal form, unless it is nothing but one."""
    if plain.endswith(_LAST_ZH):
        for form in _FORMS_ZH:
            if plain.endswith(form) and len(plain) > len(form):
                return plain.removesuffix(form)
    return plain


def syllables(name: str) -> tuple[str, ...]:
    """The pinyin of the normalised name, one entry per character; runs of letters and digits stay whole."""
    return sounds.syllables(simplified(normalise(name)))


def pinyin(name: str) -> tuple[str, str]:
    """(full pinyin without blanks, initials)."""
    parts = syllables(name)
    return "".join(parts), "".join(part[:1] for part in parts)


def normalise_uscc(text: str) -> str:
    """Width, case, blanks and dashes removed."""
    return re.sub(r"[\s\-–—_]+", "", unicodedata.normalize("NFKC", text)).upper()


def uscc_problem(text: str) -> str | None:
    """None for a well-formed unified social credit code, else what is wrong with it (GB 32100-2015)."""
    code = normalise_uscc(text)
    if len(code) != 18:
        return "uscc_length"
    if any(char not in _USCC_VALUES for char in code):
        return "uscc_alphabet"
    total = sum(_USCC_VALUES[char] * weight for char, weight in zip(code, _USCC_WEIGHTS, strict=False))
    return None if _USCC_VALUES[code[17]] == (31 - total % 31) % 31 else "uscc_check"


def alike(left: str, right: str) -> bool:
    """A likeness: at most one character in ten differs, or only legal form, script or pinyin do (POLICY.md 0)."""
    one, two = simplified(normalise(left)), simplified(normalise(right))
    if not one or not two:
        return False
    if one == two or stem(simplified(left)) == stem(simplified(right)):
        return True
    allowed = max(len(one), len(two)) // 10
    if allowed and DamerauLevenshtein.distance(one, two, score_cutoff=allowed) <= allowed:
        return True
    return pinyin(one)[0] == pinyin(two)[0]
