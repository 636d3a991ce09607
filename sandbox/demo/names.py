"""Invented companies and people, and codes with a valid check character."""

from random import Random

CITIES = (
    "上海",
    "苏州",
    "杭州",
    "宁波",
    "南京",
    "无锡",
    "广州",
    "深圳",
    "佛山",
    "东莞",
    "厦门",
    "北京",
    "天津",
    "石家庄",
    "济南",
    "青岛",
    "大连",
    "沈阳",
)
BRANDS = (
    "永昌",
    "华瑞",
    "金泰",
    "鸿运",
    "德盛",
    "万和",
    "新宇",
    "博远",
    "嘉禾",
    "隆兴",
    "诚信达",
    "东升",
    "凯旋",
    "立信",
    "宏图",
    "佳美",
    "天和",
    "盛世",
    "通源",
    "富民",
    "海润",
    "鼎盛",
    "恒信",
    "百川",
    "长青",
)
TRADES = (
    "贸易",
    "机电",
    "纺织",
    "建材",
    "食品",
    "化工",
    "包装",
    "电子",
    "家居",
    "五金",
    "物流",
    "医疗器械",
    "印刷",
    "汽配",
    "农业",
)
FORMS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "有限责任公司")
ENGLISH = (
    "Nordic Supply AB",
    "Blue Harbor Inc",
    "Sunrise Imports Ltd",
    "Kestrel & Sons Ltd",
    "Andes Comercial SA",
    "Orient Star Pte Ltd",
    "Baltic Timber OU",
    "Delta Foods BV",
    "Red River Trading Co., Ltd.",
    "Casa Verde SL",
    "Lotus Garden Sdn Bhd",
    "Alpine Sport AG",
    "Maple Leaf Goods Inc",
    "Oceania Freight Pty Ltd",
    "Zenith Hardware LLC",
    "Cedar Point Ltd",
    "Iberia Textil SA",
    "Great Lakes Tools Inc",
    "Sahara Import SARL",
    "Hokkaido Foods KK",
)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚"
OWNERS = {
    "华东": ("林晓梅", "王强"),
    "华南": ("黄志明", "周倩"),
    "华北": ("张雷", "李娜"),
    "海外": ("Anna Smith", "郑凯"),
}
INDUSTRIES = {
    "贸易": "medium",
    "机电": "low",
    "纺织": "medium",
    "建材": "high",
    "食品": "low",
    "化工": "high",
    "包装": "low",
    "电子": "medium",
    "家居": "medium",
    "五金": "medium",
    "物流": "medium",
    "医疗器械": "low",
    "印刷": "medium",
    "汽配": "medium",
    "农业": "medium",
    "鞋业": "high",
    "茶业": "low",
    "钢铁": "restricted",
}

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc(random: Random) -> str:
    """An unused registration authority and number with the right check character (GB 32100)."""
    body = (
        "91"
        + "".join(random.choice("123456789") for _ in range(1))
        + "".join(random.choice("0123456789") for _ in range(5))
    )
    body += "MA" + "".join(random.choice(_ALPHABET) for _ in range(7))
    total = sum(_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + _ALPHABET[(31 - total % 31) % 31]


def person(random: Random) -> str:
    """A name."""
    return random.choice(SURNAMES) + "".join(random.choice(GIVEN) for _ in range(random.choice((1, 2))))


def companies(random: Random, count: int) -> list[tuple[str, str]]:
    """(name, trade), each once."""
    made: dict[str, str] = {}
    while len(made) < count:
        trade = random.choice(TRADES)
        made.setdefault(f"{random.choice(CITIES)}{random.choice(BRANDS)}{trade}{random.choice(FORMS)}", trade)
    return list(made.items())
