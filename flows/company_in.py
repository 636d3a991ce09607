"""The company that a chat line is about, when the ledger does not know it: its full name, and its code. Pure."""

import re
import unicodedata

from scoring.names import normalise_uscc, tidy, uscc_problem

_FORM_ZH = "股份有限公司|有限责任公司|有限公司|集团公司|总公司|分公司|公司|集团|合作社|事务所|经营部|商行|厂"
_ZH = re.compile(rf"[\u4e00-\u9fffA-Za-z0-9()·&.-]{{2,40}}?(?:{_FORM_ZH})(?!司)")
_FORM_EN = r"Co\.?,?\s*Ltd\.?|Limited|Ltd\.?|Inc\.?|LLC|LLP|PLC|GmbH|Corp\.?|Corporation|S\.A\.|B\.V\.|Pte\.?\s*Ltd\.?"
_EN = re.compile(rf"(?:[A-Z][\w&'.-]*,?\s+){{1,7}}(?:{_FORM_EN})(?![A-Za-z])")
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NP-RTUWXYa-hj-np-rtuwxy]{18}(?![0-9A-Za-z])")
_BEFORE = re.compile(
    r"^.*?(?:新客户|客户|公司名称|名称|名字|叫做|叫|是|给|跟|和|与|为|把|对|帮|请|麻烦|开户|授信|拜访了|接触了|谈了|关于|一家|这家|那家)(?=.{4,})"
)


def company_in(text: str) -> tuple[str, str]:
    """(name, code) as far as the line tells them; "" for what it does not."""
    line = unicodedata.normalize("NFKC", text[:2000])
    codes = [code for found in _CODE.findall(line) if not uscc_problem(code := normalise_uscc(found))]
    chinese = _ZH.search(line)
    if chinese is not None:
        name = chinese[0]
        while (shorter := _BEFORE.sub("", name)) != name and len(shorter) >= 4:
            name = shorter
    else:
        english = _EN.search(line)
        name = english[0] if english is not None else ""
    return tidy(name)[:120], codes[0] if codes else ""
