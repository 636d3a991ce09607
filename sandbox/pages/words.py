"""What the pages themselves say, in the language of whoever is acting."""

from sandbox.slack.people import Person

WORDS = {
    "channels": ("频道", "Channels"),
    "apps": ("应用", "Apps"),
    "dm": ("授信台 私信", "Credit Desk messages"),
    "home": ("授信台 主页", "Credit Desk Home"),
    "home_empty": ("主页还是空的：授信台连接后会填上。", "Home is empty until Credit Desk is connected."),
    "connected": ("🟢 已连接", "🟢 Connected"),
    "away": ("🔴 未连接", "🔴 Not connected"),
    "ledger": ("📒 打开台账", "📒 Open the ledger"),
    "members": ("{count} 人", "{count} members"),
    "menu": ("频道与人员", "Channels and people"),
    "app": ("应用", "APP"),
    "only_you": ("👁 仅对你可见", "👁 Only visible to you"),
    "edited": ("（已编辑）", "(edited)"),
    "replies": ("{count} 条回复", "{count} replies"),
    "reply": ("1 条回复", "1 reply"),
    "mention": ("提及授信台", "Mention Credit Desk"),
    "write": ("发消息，或输入 /credit ACME", "Write a message, or type /credit ACME"),
    "send": ("发送", "Send"),
    "optional": ("（选填）", " (optional)"),
    "add_files": ("添加文件", "Add files"),
    "begin_channel": ("这里是 #{channel} 的开头", "This is the very beginning of #{channel}"),
    "begin_dm": ("这里是你和授信台的私信", "This is your conversation with Credit Desk"),
    "you_are": (
        "你现在是 {name}（{title}）。点一行放进输入框，再按回车：",
        "You are {name} ({title}). Click a line to put it into the box, then press Enter:",
    ),
    "also": (
        "也可以 @授信台 提问、打开主页搜索，或在左边换一个人看同一位客户。",
        "Or mention @Credit Desk, search on Home, or act as somebody else and look at the same customer.",
    ),
    "try_ledger": ("打开台账，改一个数，再问一次", "Open the ledger, change a figure, ask again"),
    "other_department": ("别的部门的客户，只给等级", "another department's customer: the grade only"),
    "outsider": ("外部人员看不到客户数据", "outsiders learn nothing about customers"),
}


def word(person: Person, key: str, **facts: object) -> str:
    """A word of the pages for this person."""
    chinese, english = WORDS[key]
    return (chinese if person.reads_chinese else english).format(**facts)
