"""The sections of policy.yaml as they are validated; docs/policy.md says what each key means."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from scoring.bands import Band, Bands
from scoring.results import BUCKETS, Grade

Points = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False)]
Percent = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False)]
Amount = Annotated[Decimal, Field(ge=0, lt=10**12, allow_inf_nan=False)]
Number = Annotated[Decimal, Field(allow_inf_nan=False)]
Days = Annotated[int, Field(ge=0, le=3660, strict=True)]
Count = Annotated[int, Field(ge=0, le=100_000, strict=True)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Post = Literal["sales_manager", "dept_deputy_gm", "dept_gm", "responsible_vp"]
ByGrade = Annotated[tuple[Number, ...], Field(min_length=3, max_length=3)]


class Part(BaseModel):
    """A section: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Reading(Part):
    """How the ledger is read (POLICY 0)."""

    dispute_days: Days
    rate_days: Days
    order_horizon_days: Days
    dso_min_days: Annotated[int, Field(ge=1, le=365)]
    behaviour_days: Annotated[int, Field(ge=30, le=3660)]
    new_settled: Count
    new_days: Days
    new_months_cap_b: Count
    rating_months: Count
    payment_score: Annotated[tuple[tuple[Number, Points], ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        days = [day for day, _ in self.payment_score]
        points = [point for _, point in self.payment_score]
        if days != sorted(set(days)) or points != sorted(points, reverse=True):
            raise ValueError("payment_score must rise in days and fall in points")
        return self


class GradeRule(Part):
    """One grade: its lower bound, highest limit, terms and factors (POLICY 3-5, 7)."""

    grade: Grade
    lower: Points = Field(alias="from")
    limit: Amount
    standard_days: Days
    longest_days: Days
    longest_from: Points | None
    hold_days: Days
    need_factor: Annotated[Decimal, Field(ge=0, le=10)]
    net_worth_pct: Percent
    revenue_pct: Percent
    pd_pct: Percent
    order_cap_pct: Percent | None
    max_open_orders: Count | None
    deposit_pct: Percent
    review_months: Count
    conditions: tuple[Literal["open_account", "deposit_or_guarantee", "prepay"], ...]

    @model_validator(mode="after")
    def _terms(self) -> Self:
        if self.longest_days < self.standard_days:
            raise ValueError(f"longest_days {self.longest_days} is below standard_days {self.standard_days}")
        return self


class FactorRule(Part):
    """One characteristic of the scorecard: its bands and points (POLICY 1)."""

    factor: str
    block: Literal["identity", "finance", "external", "payment", "relationship", "order_industry"]
    max: Points
    high: tuple[tuple[Number, Points], ...] | None = None
    low: tuple[tuple[Number, Points], ...] | None = None
    choice: dict[str, Points] | None = None
    otherwise: Points = Field(alias="else")

    @model_validator(mode="after")
    def _bands(self) -> Self:
        given = [name for name in ("high", "low", "choice") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"{self.factor}: exactly one of high, low, choice is needed, found {given or 'none'}")
        bands = self.high or self.low or ()
        lines = [line for line, _ in bands]
        if lines != sorted(set(lines), reverse=self.high is not None):
            raise ValueError(f"{self.factor}: bands overlap or are out of order")
        points = [*(earned for _, earned in bands), *(() if self.choice else (self.otherwise,))]
        if points != sorted(points, reverse=True):
            raise ValueError(f"{self.factor}: points must fall from the best band to the worst")
        top = max([*points, *(self.choice or {}).values()], default=Decimal(0))
        if top != self.max:
            raise ValueError(f"{self.factor}: the best band gives {top}, max says {self.max}")
        return self

    def bands(self) -> Bands:
        """The same as a value that gives points."""
        direction: Literal["high", "low", "choice"] = "high" if self.high else "low" if self.low else "choice"
        pairs = tuple(Band(line, points) for line, points in (self.high or self.low or ()))
        return Bands(self.factor, self.block, self.max, direction, pairs, dict(self.choice or {}), self.otherwise)


class Vetoes(Part):
    """Lines of V3-V9 (POLICY 2)."""

    overdue_days: Days
    overdue_amount: Amount
    write_off_months: Count
    cap_overdue_days: Days
    cap_overdue_share_pct: Percent
    pending_suits_pct: Percent
    statements_months: Count
    statements_limit: Amount
    z_score: Number
    receivables_share_without_statements: Amount


class Coefficients(Part):
    """Share of the proposal that a warning colour leaves."""

    none: Annotated[Decimal, Field(ge=0, le=1)]
    yellow: Annotated[Decimal, Field(ge=0, le=1)]
    orange: Annotated[Decimal, Field(ge=0, le=1)]
    red: Annotated[Decimal, Field(ge=0, le=1)]

    @model_validator(mode="after")
    def _fall(self) -> Self:
        if not self.none >= self.yellow >= self.orange >= self.red:
            raise ValueError("coefficients must fall from none to red")
        return self


class Temporary(Part):
    """Bounds of a temporary increase."""

    pct: Percent
    days: Days
    grades: tuple[Grade, ...]


class ProposalRule(Part):
    """Limit and term proposals (POLICY 4, 5)."""

    round_down_to: Annotated[Decimal, Field(gt=0)]
    peak_factor: Annotated[Decimal, Field(gt=0, le=10)]
    days_added: Days
    security_pct: Percent
    portfolio_pct: Percent
    coefficients: Coefficients
    term_cut_orange_days: Days
    temporary: Temporary
    lgd_pct: Percent
    lgd_secured_pct: Percent


class Law(Part):
    """Statutory terms for a seller that is an SME (POLICY 5)."""

    public_body_days: Days
    public_body_agreed_days: Days
    large_enterprise_days: Days
    late_interest_pct: Percent
    limitation_years: Count
    limitation_warn_days: tuple[Days, ...]


class MatrixRow(Part):
    """Up to an amount: the post for each column of days."""

    up_to: Amount
    posts: tuple[Post, ...]


class Authority(Part):
    """The matrix of POLICY 6: needed post by amount and days."""

    posts: tuple[Post, ...]
    days: tuple[Days, ...]
    matrix: Annotated[tuple[MatrixRow, ...], Field(min_length=1)]
    route: Literal["chain", "direct"]
    one_post_higher: tuple[Literal["grade_c", "unrated", "override", "temporary", "release"], ...]
    group_request_days: Days
    delegation_days: Days

    @model_validator(mode="after")
    def _ends(self) -> Self:
        amounts = [row.up_to for row in self.matrix]
        if amounts != sorted(set(amounts)) or list(self.days) != sorted(set(self.days)):
            raise ValueError("amounts and days of the matrix must rise")
        rank = {post: place for place, post in enumerate(self.posts)}
        for row in self.matrix:
            if len(row.posts) != len(self.days):
                raise ValueError(
                    f"row up_to {row.up_to} has {len(row.posts)} posts for {len(self.days)} columns of days"
                )
            if [rank[post] for post in row.posts] != sorted(rank[post] for post in row.posts):
                raise ValueError(f"row up_to {row.up_to}: longer terms cannot need a lower post")
        for smaller, larger in pairwise(self.matrix):
            if any(rank[low] > rank[high] for low, high in zip(smaller.posts, larger.posts, strict=False)):
                raise ValueError(f"row up_to {larger.up_to}: larger amounts cannot need a lower post")
        if self.matrix[-1].posts[-1] != self.posts[-1]:
            raise ValueError("the matrix does not end at the highest post")
        return self


class WarningLines(Part):
    """Signal lines by grade: A, B, C and unrated (POLICY 7)."""

    utilisation_yellow: ByGrade
    utilisation_orange: ByGrade
    overdue_yellow_days: ByGrade
    overdue_orange_days: ByGrade
    overdue_red_days: ByGrade
    order_jump: ByGrade
    returns_pct: ByGrade
    days_to_pay: ByGrade
    roll_pct: ByGrade
    broken_promises: ByGrade
    suits_pct: ByGrade
    expiry_days: ByGrade
    score_drop: ByGrade
    returns_days: Days
    suits_amount: Amount
    yellows_to_orange_days: Days
    orange_to_red_days: Days

    @model_validator(mode="after")
    def _rise(self) -> Self:
        for place in range(3):
            late = [self.overdue_yellow_days[place], self.overdue_orange_days[place], self.overdue_red_days[place]]
            if late != sorted(late) or self.utilisation_yellow[place] > self.utilisation_orange[place]:
                raise ValueError("yellow must not come after orange, nor orange after red")
        return self


class OrderRisk(Part):
    """Weights and lines of order risk (POLICY 8)."""

    weights: dict[Literal["market", "credit", "procurement", "partner"], Points]
    warn_above: Points
    release_above: Points
    refuse_above: Points

    @model_validator(mode="after")
    def _sums(self) -> Self:
        if sum(self.weights.values()) != 100:
            raise ValueError(f"order risk weights sum to {sum(self.weights.values())}, not 100")
        if not self.warn_above < self.release_above < self.refuse_above:
            raise ValueError("order risk lines must rise")
        return self


class DunningStage(Part):
    """A stage and its day against due."""

    stage: Annotated[int, Field(ge=0, le=9)]
    day: Annotated[int, Field(ge=-60, le=3660)]


class Workflow(Part):
    """Deadlines, bulk decisions, releases (POLICY 10)."""

    statements_above_amount: Amount
    statements_above_days: Days
    working_hours: tuple[Clock, Clock]
    remind_after_hours: tuple[Count, ...]
    escalate_after_hours: Count
    expire_after_days: Days
    bulk_requests: Count
    bulk_amount: Amount
    overdue_grace_days: Days
    release_growth_pct: Percent
    release_days: Days
    undo_seconds: Count
    decision_mirror_minutes: Count


class Operating(Part):
    """How often, how old, when (POLICY 11)."""

    sync_seconds: Annotated[int, Field(ge=5, le=86_400)]
    amber_minutes: Count
    stale_minutes: Count
    stale_working_days: Count
    digest_time: Clock
    bot_columns_minutes: Count


def falling_rates(rates: dict[str, Decimal]) -> str | None:
    """What is wrong with provision rates by bucket: a bucket missing, unknown, or a rate that falls with age."""
    if tuple(rates) != BUCKETS:
        return f"buckets must be {', '.join(BUCKETS)} in this order"
    falls = [older for newer, older in pairwise(BUCKETS) if rates[older] < rates[newer]]
    return f"the rate of {falls[0]} is below that of the bucket before it" if falls else None
