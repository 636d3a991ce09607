"""The demo ledger: about 120 customers of a trading company, 18 months of documents, with stories."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sandbox.demo.names import ENGLISH, INDUSTRIES, OWNERS, companies, person, uscc
from sandbox.demo.stories import EAST, NORTH, OVERSEAS, SOUTH, STORIES, Story

Row = dict[str, object]
Tables = dict[str, list[Row]]
RATES = {"USD": "7.10", "EUR": "7.80"}
SIZES, STANDINGS = ("medium", "small", "medium", "large", "micro"), ("middle", "small", "middle", "leader", "listed")


def today() -> date:
    """The demo company's day, wherever the machine stands: a ledger made by another calendar is a day off."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def make_book(on: date, seed: int = 7, customers: int = 120) -> Tables:
    """All tabs by key; days are dates, amounts numbers, everything as a person would have typed it."""
    return _Maker(on, seed).book(customers)


class _Maker:
    def __init__(self, on: date, seed: int) -> None:
        self.on, self.random = on, Random(seed)
        names = (
            "customers", "invoices", "payments", "promises", "orders", "financials", "checks", "industries", "securities",
            "contracts", "returns", "suppliers", "partners", "blacklist", "rates",
        )  # fmt: skip
        self.tables: Tables = {name: [] for name in names}
        self.count = {"INV": 0, "RC": 0, "SO": 0}

    def book(self, customers: int) -> Tables:
        for story in STORIES:
            self._customer(story)
        names = companies(self.random, customers - len(STORIES) - len(ENGLISH))
        for place, (name, trade) in enumerate(names):
            self._customer(self._ordinary(place, name), trade)
        for place, name in enumerate(ENGLISH):
            self._customer(self._foreign(place, name))
        self._twists()
        self._reference()
        return self.tables

    def _number(self, kind: str) -> str:
        self.count[kind] += 1
        return f"{kind}-{self.count[kind]:05d}"

    def _back(self, days: int) -> date:
        return self.on - timedelta(days=days)

    def _ordinary(self, place: int, name: str) -> Story:
        department = (EAST, SOUTH, NORTH)[place % 3]
        owner = self.random.choice(OWNERS[department])
        monthly = self.random.choice((40, 60, 90, 120, 180, 260, 380)) * 1000
        lateness = self.random.choice(((-8, 0), (-5, 2), (-3, 5), (0, 9), (2, 18)))
        days = self.random.choice((30, 30, 45, 60))
        limit = round(monthly * (days + 40) / 30 * self.random.uniform(1.0, 1.8), -4)
        return Story(
            f"C{100 + place:04d}", name, "", department, owner, None, "", monthly=monthly, days=days, limit=int(limit),
            lateness=lateness, strong=self.random.random() < 0.6, years=self.random.randint(2, 18),
        )  # fmt: skip

    def _foreign(self, place: int, name: str) -> Story:
        currency = "EUR" if place % 3 == 0 else "USD"
        monthly = self.random.choice((6, 10, 15, 25)) * 1000
        return Story(
            f"C{400 + place:04d}", name, "", OVERSEAS, OWNERS[OVERSEAS][place % 2], None, "", currency=currency,
            monthly=monthly, days=60, limit=monthly * 5, lateness=self.random.choice(((-8, 0), (-2, 8))),
            strong=place % 2 == 0, years=self.random.randint(2, 12),
        )  # fmt: skip

    def _customer(self, story: Story, trade: str = "贸易") -> None:
        random = self.random
        code = uscc(random)
        good = story.strong
        since = self._back(365 * min(story.years, 10) + 40)
        industry = next((one for one in INDUSTRIES if one in story.name), trade)
        self.tables["customers"].append({
            "customer_id": story.id, "name": story.name, "aliases": story.aliases, "uscc": code,
            "entity_type": "有限责任公司", "legal_representative": person(random), "controller": person(random),
            "registered_capital": 20_000_000 if good else 3_000_000, "paid_in_capital": 12_000_000 if good else 1_500_000,
            "size_class": random.choice(SIZES[:3]), "market_standing": "leader" if story.years > 12 else random.choice(STANDINGS[:3]),
            "established_on": self._back(365 * (story.years + 4)), "business_scope": f"{trade}批发", "industry": industry,
            "region": story.name[:2] if story.currency == "CNY" else "境外", "department": story.department,
            "sales_owner": story.owner, "parent_id": story.parent, "currency": story.currency, "payment_mode": story.mode,
            "term_basis": "invoice", "planned_monthly_sales": story.monthly,
            "licence_expires_on": self.on + timedelta(days=900), "cooperation_since": since if story.months > 6 else self._back(170),
            "credit_limit": story.limit, "payment_days": story.days, "limit_expires_on": self.on + timedelta(days=random.randint(120, 300)),
            "status": story.status, "next_review_on": self.on + timedelta(days=random.randint(20, 160)),
        })  # fmt: skip
        self._trade(story)
        if story.id != "C0007":
            self._statements(story)
            self._check(story)

    def _trade(self, story: Story) -> None:
        random = self.random
        for month in range(story.months, -1, -1):
            for _ in range(random.choice((1, 1, 2))):
                issued = self._back(month * 30 + random.randint(0, 25))
                if issued <= self._back(-1) or issued > self.on:
                    pass
                amount = round(story.monthly * random.uniform(0.35, 0.85), 2)
                late = random.randint(*story.lateness)
                self._sale(story, issued, amount, late)
        if story.limit:
            amount = round(story.monthly * 0.3, 2)
            self._order(story, self._back(3), amount, "open", invoiced=0, deliver=self.on + timedelta(days=12))

    def _sale(self, story: Story, issued: date, amount: float, late: int, *, paid: bool | None = None) -> str:
        number, order = self._number("INV"), self._order(story, issued - timedelta(days=5), amount, "invoiced", amount)
        due = issued + timedelta(days=story.days)
        on = max(issued, due + timedelta(days=late))
        settled = on <= self.on if paid is None else paid
        row: Row = {
            "invoice_no": number, "customer_id": story.id, "issued_on": issued, "delivered_on": issued, "due_on": due,
            "amount": amount, "currency": story.currency, "paid": amount if settled else 0,
            "settled_on": on if settled else "", "order_no": order, "department": story.department,
        }  # fmt: skip
        self.tables["invoices"].append(row)
        if settled:
            self._receipt(story, on, amount, number)
        return number

    def _receipt(self, story: Story, on: date, amount: float, invoice: str) -> None:
        self.tables["payments"].append({
            "receipt_no": self._number("RC"), "customer_id": story.id, "received_on": on, "amount": amount,
            "currency": story.currency, "invoice_no": invoice, "payer": story.name, "method": "银行转账",
        })  # fmt: skip

    def _order(
        self, story: Story, on: date, amount: float, status: str, invoiced: float, deliver: date | None = None
    ) -> str:
        number = self._number("SO")
        self.tables["orders"].append({
            "order_no": number, "customer_id": story.id, "ordered_on": on, "deliver_on": deliver or on + timedelta(days=5),
            "goods": "标准件", "amount": amount, "currency": story.currency, "invoiced": invoiced, "status": status,
            "payment_days": story.days, "margin_pct": 12.5, "supplier_id": f"S{self.random.randint(1, 6):02d}",
            "partner_id": f"P{self.random.randint(1, 4):02d}",
        })  # fmt: skip
        return number

    def _statements(self, story: Story) -> None:
        scale = story.monthly * 12 * (16 if story.strong else 5)
        for years in (2, 1):
            end = date(self.on.year - years, 12, 31)
            assets = round(scale * self.random.uniform(0.8, 1.1))
            debt = 0.36 if story.strong else 0.62
            self.tables["financials"].append({
                "customer_id": story.id, "period_end": end, "currency": story.currency, "revenue": round(scale * 1.4),
                "net_profit": round(assets * (0.09 if story.strong else 0.025)), "ebit": round(scale * 1.4 * (0.125 if story.strong else 0.045)),
                "total_assets": assets, "intangible_assets": round(assets * 0.03), "total_liabilities": round(assets * debt),
                "current_assets": round(assets * 0.6), "current_liabilities": round(assets * (0.27 if story.strong else 0.46)),
                "inventory": round(assets * 0.15), "retained_earnings": round(assets * 0.3),
                "operating_cash_flow": round(scale * (0.1 if story.strong else -0.01)), "audited": "是" if story.strong else "否",
            })  # fmt: skip

    def _check(self, story: Story) -> None:
        self.tables["checks"].append({
            "customer_id": story.id, "checked_on": self._back(self.random.randint(10, 120)), "checked_by": "徐蕾",
            "source": "国家企业信用信息公示系统", "uscc_verified": "是", "registry_status": "存续", "suits_amount": 0,
            "pending_suits_amount": 0, "suing_us": "否", "enforcement": "无", "dishonest": "否", "serious_violation": "否",
            "abnormal_list": "否", "penalties": "无", "tax_arrears": "否", "references_prompt": 2 if story.strong else 1,
            "references_adverse": 0, "rating": "好" if story.strong else "中", "rating_on": self._back(100),
        })  # fmt: skip

    def _find(self, tab: str, key: str, value: str) -> Row:
        return next(row for row in self.tables[tab] if row[key] == value)

    def _clear(self, customer_id: str) -> None:
        """All that is past due is paid."""
        for row in self.tables["invoices"]:
            if row["customer_id"] == customer_id and not row["settled_on"] and row["due_on"] < self.on:  # type: ignore[operator]
                row["settled_on"], row["paid"] = row["due_on"], row["amount"]
                story = next(story for story in STORIES if story.id == customer_id)
                self._receipt(story, row["due_on"], row["amount"], str(row["invoice_no"]))  # type: ignore[arg-type]

    def _twists(self) -> None:
        stories = {story.id: story for story in STORIES}
        for story in STORIES:
            self._clear(story.id)
        self._overdue(stories["C0003"], 75, 86_500.0)
        self._overdue(stories["C0017"], 37, 124_000.0)
        grown = stories["C0002"]
        for back in (9, 16, 22):
            self._sale(grown, self._back(back), 168_000.0, 0, paid=False)
        self._find("customers", "customer_id", "C0006")["limit_expires_on"] = self.on + timedelta(days=6)
        self._find("customers", "customer_id", "C0009")["group_limit"] = 6_000_000
        faulty = self._find("customers", "customer_id", "C0008")
        faulty["credit_limit"], faulty["uscc"] = "约80万", str(faulty["uscc"])[:17] + "I"
        mine = [row for row in self.tables["invoices"] if row["customer_id"] == "C0008"]
        mine[-1]["due_on"] = "3/4/2026"
        repeated = dict(mine[-2])
        repeated["amount"] = float(str(repeated["amount"])) + 1000
        self.tables["invoices"].append(repeated)
        ragged = stories["C0001"]
        disputed = self._find("invoices", "invoice_no", self._sale(ragged, self._back(20), 48_000.0, 0, paid=False))
        disputed |= {
            "disputed": "是",
            "disputed_amount": 8_000,
            "disputed_on": self._back(4),
            "dispute_reason": "数量短缺",
        }
        self.tables["blacklist"] += [
            {"uscc": self._find("customers", "customer_id", "C0004")["uscc"], "name": stories["C0004"].name,
             "reason": "恶意拖欠货款", "added_on": self._back(200), "added_by": "刘建军", "exit_rule": "结清欠款满一年"},
            {"uscc": "", "name": "绍兴万隆印染有限公司", "reason": "提供虚假报表", "added_on": self._back(400), "added_by": "刘建军"},
        ]  # fmt: skip

    def _overdue(self, story: Story, days: int, amount: float) -> None:
        issued = self._back(days + story.days)
        self._sale(story, issued, amount, 0, paid=False)

    def _reference(self) -> None:
        on = self.on
        for currency, rate in RATES.items():
            for back in (400, 200, 60, 2):
                wobble = 1 + (back % 7 - 3) / 400
                self.tables["rates"].append(
                    {"currency": currency, "as_of": self._back(back), "to_base": round(float(rate) * wobble, 4)}
                )
        self.tables["industries"] += [
            {"industry": name, "outlook": look, "target_share_pct": 25} for name, look in INDUSTRIES.items()
        ]
        self.tables["suppliers"] += [
            {"supplier_id": f"S{n:02d}", "name": f"供应商{n}号", "rating": "AABBCD"[n - 1], "single_source": "是" if n == 6 else "否"}
            for n in range(1, 7)
        ]  # fmt: skip
        self.tables["partners"] += [
            {"partner_id": f"P{n:02d}", "name": f"承运{n}号", "kind": "承运", "rating": "ABBC"[n - 1], "failures": n - 1, "since": self._back(900)}
            for n in range(1, 5)
        ]  # fmt: skip
        self.tables["securities"] += [
            {"security_id": "G-001", "customer_id": "C0002", "kind": "保证金", "amount": 30_000, "currency": "CNY", "expires_on": on + timedelta(days=200)},
            {"security_id": "G-002", "customer_id": "C0011", "kind": "信保", "amount": 100_000, "currency": "USD", "coverage_pct": 90, "expires_on": on + timedelta(days=220)},
        ]  # fmt: skip
        self.tables["contracts"] += [
            {"contract_no": f"HT-{n:04d}", "customer_id": story.id, "signed_on": self._back(300), "expires_on": on + timedelta(days=400), "breach_liability": "是", "title_retention": "是"}
            for n, story in enumerate(STORIES, 1)
        ]  # fmt: skip
        self.tables["returns"] += [
            {"return_id": "R-0001", "customer_id": "C0003", "occurred_on": self._back(50), "kind": "退货", "amount": 9_000, "reason": "破损", "closed_on": self._back(30)},
        ]  # fmt: skip
        self.tables["promises"] += [
            {"promise_id": "PR-0001", "customer_id": "C0003", "made_on": self._back(40), "promised_on": self._back(20), "amount": 86_500, "made_by": "财务经理", "outcome": "失约"},
        ]  # fmt: skip
