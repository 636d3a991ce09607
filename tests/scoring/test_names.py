"""Script and sound of names: the quick ways say what OpenCC and pypinyin say."""

import subprocess
import sys
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from opencc import OpenCC
from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from sandbox.demo.names import companies
from scoring.names import normalise, pinyin, stem, syllables
from scoring.scripts import simplified
from scoring.sounds import readings, said
from scoring.sounds import syllables as quick

CONVERTER = OpenCC("t2s")
# names whose characters read otherwise in them, names in traditional characters, and where one rule meets the other
HARD = [
    "重庆长安汽车股份有限公司", "长沙银行", "厦门国贸集团", "六安江淮", "东莞长盈", "沈阳重工", "中国银行重庆分行", "乐山乐器",
    "长子县长城贸易", "蚌埠玻璃", "石家庄石化", "大厦门业", "重重庆庆", "银行行长", "行行重行行", "朝阳朝晖", "乌鲁木齐都会", "单县单氏",
    "乾坤實業", "乾元貿易", "瀋陽機電", "沈默堂", "覆蓋工程", "鍾氏兄弟", "於氏家居", "著名食品", "臺灣積體電路", "廣東發展銀行",
    "頭髮用品", "后里鄉", "乾隆年間", "麼麼茶", "藉口貿易", "鉅亨網", "ABC重慶長安3M", "上海abc银行12号",
]  # fmt: skip
_PHRASES = sorted(PHRASES_DICT)
_CHARACTERS = st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF)
_PIECES = st.lists(
    st.one_of(st.sampled_from(_PHRASES), st.sampled_from(HARD), st.text(_CHARACTERS, max_size=3), st.just("abc12")),
    max_size=5,
).map("".join)


@pytest.mark.parametrize("name", HARD)
def test_hard_names_read_as_the_libraries_read_them(name: str) -> None:
    assert simplified(name) == CONVERTER.convert(name)
    plain = CONVERTER.convert(normalise(name))
    assert syllables(name) == tuple(lazy_pinyin(plain))


def test_polyphones_of_cities_and_banks() -> None:
    assert pinyin("重庆长安")[0] == "chongqingchangan"
    assert pinyin("长沙银行") == ("changshayinhang", "csyh")
    assert pinyin("廈門國貿")[0] == "xiamenguomao"


def test_every_character_alone() -> None:
    for code in range(0x3400, 0xA000):
        char = chr(code)
        assert quick(char) == tuple(lazy_pinyin(char))
        assert simplified(char) == CONVERTER.convert(char)


def test_every_phrase_that_reads_otherwise_between_others() -> None:
    random = Random(5)
    odd = [phrase for phrase in _PHRASES if quick(phrase) != tuple(part for char in phrase for part in quick(char))]
    assert len(odd) > 3000
    for phrase in odd:
        assert quick(phrase) == tuple(lazy_pinyin(phrase))
        around = "".join((random.choice(_PHRASES), phrase, random.choice(_PHRASES)))
        cut = around[random.randrange(3) : len(around) - random.randrange(3)]
        assert quick(cut) == tuple(lazy_pinyin(cut))


def test_many_company_names() -> None:
    names = [name for name, _ in companies(Random(3), 2500)]
    cities = ["重庆", "长沙", "厦门", "沈阳", "東莞", "乐山", "臺北", "朝阳", "六安"]
    random = Random(4)
    for name in [*names, *(random.choice(cities) + name[2:] for name in names)]:
        simple = CONVERTER.convert(name)
        assert simplified(name) == simple
        assert syllables(name) == tuple(lazy_pinyin(normalise(simple)))


@example("ABC12䷀中")
@given(_PIECES)
def test_any_text_of_phrases_and_characters(text: str) -> None:
    assert simplified(text) == CONVERTER.convert(text)
    plain = normalise(CONVERTER.convert(normalise(text)))
    assert quick(plain) == tuple(lazy_pinyin(plain))
    assert all(part in readings(char) for part, char in zip(quick(plain), plain, strict=False) if len(plain) == 1)


@given(_PIECES, st.integers(0, 12))
def test_a_name_and_its_beginning_said_at_once(text: str, size: int) -> None:
    plain = simplified(normalise(text))
    start = plain[:size]
    assert said(plain, start) == (quick(plain), quick(start))


@given(st.text(max_size=60))
def test_a_stem_is_what_it_was_by_the_long_way(name: str) -> None:
    assert normalise(stem(name)) == stem(name)
    assert bool(stem(name)) == bool(normalise(name))


def test_a_desk_with_latin_names_never_loads_the_dictionaries() -> None:
    program = (
        "import sys\n"
        "from scoring import sounds\n"
        "from storage.search import Named, Search\n"
        "search = Search([Named('c:1', '1', 'ACME Trading Co., Ltd.'), Named('c:2', '2', 'Beta GmbH')])\n"
        "assert search.find('acme').kind == 'one' and search.find('acmee tradin').hits\n"
        "assert search.mentioned('ask acmetrading now')\n"
        "assert not {'pypinyin', 'opencc'} & set(sys.modules), 'loaded'\n"
        "assert sounds._sounds.cache_info().currsize == 0\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_chinese_names_do_not_load_the_libraries_themselves() -> None:
    program = (
        "import sys\n"
        "from storage.search import Named, Search\n"
        "search = Search([Named('c:1', '1', '重慶長安貿易有限公司'), Named('c:2', '2', '上海恒达银行')])\n"
        "assert search.find('chongqingchangan').kind == 'one'\n"
        "assert not {'pypinyin', 'opencc'} & set(sys.modules), 'loaded'\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
