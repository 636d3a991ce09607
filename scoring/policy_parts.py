"""The sections of policy.yaml as they are validated; docs/policy.md says what each key means."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from scoring.bands import Band, Bands
from scoring.refusals import broken
from scoring.results import Grade

Points = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False)]
Percent = Annotated[Decimal, Field(ge=0, le=100, allow_inf_nan=False)]
Amount = Annotated[Decimal, Field(ge=0, lt=10**12, allow_inf_nan=False)]
Number = Annotated[Decimal, Field(allow_inf_nan=False)]
Days = Annotated[int, Field(ge=0, le=3660, strict=True)]
Count = Annotated[int, Field(ge=0, le=100_000, strict=True)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Post = Literal["sales_manager", "dept_deputy_gm", "dept_gm", "responsible_vp"]
SignerRole = Literal[
    "sales_manager", "dept_deputy_gm", "dept_gm", "responsible_vp", "customer_admin", "finance", "risk", "legal",
]  # fmt: skip
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
        for place, ((day, high), (later, low)) in enumerate(pairwise(self.payment_score), 1):
            if later <= day or low > high:
                raise broken("policy_payment_score", "payment_score", place)
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
            raise broken("policy_longest_days", "longest_days", found=self.longest_days, bound=self.standard_days)
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
            raise broken("policy_bands_kind", found=self.factor)
        bands = self.high or self.low or ()
        for place, ((line, points), (further, fewer)) in enumerate(pairwise(bands), 1):
            if further == line or (further > line) == (self.high is not None):
                raise broken("policy_bands_overlap", given[0], place, found=further)
            if fewer > points:
                raise broken("policy_bands_points", given[0], place, found=fewer)
        if bands and self.otherwise > bands[-1][1]:
            raise broken("policy_bands_points", "else", found=self.otherwise)
        top = max([*(points for _, points in bands), *(self.choice or {}).values(), self.otherwise])
        if top != self.max:
            raise broken("policy_bands_max", "max", found=self.max, bound=top)
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
        for milder, worse in pairwise(("none", "yellow", "orange", "red")):
            if getattr(self, worse) > getattr(self, milder):
                raise broken("policy_coefficient", worse, found=getattr(self, worse), bound=getattr(self, milder))
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


class Matrix(Part):
    """The post for each column of days, up to each amount; bounds inclusive."""

    days: Annotated[tuple[Days, ...], Field(min_length=1)]
    matrix: Annotated[tuple[MatrixRow, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _rises(self) -> Self:
        for place, (fewer, more) in enumerate(pairwise(self.days), 1):
            if more <= fewer:
                raise broken("policy_matrix_rises", "days", place, found=more, bound=fewer)
        for place, (smaller, larger) in enumerate(pairwise(self.matrix), 1):
            if larger.up_to <= smaller.up_to:
                raise broken("policy_matrix_rises", "matrix", place, "up_to", found=larger.up_to, bound=smaller.up_to)
        return self

    def needed(self, amount_base: Decimal, days: int) -> Post | None:
        """The post that decides; None when the amount or the days lie outside."""
        row = next((row for row in self.matrix if amount_base <= row.up_to), None)
        column = next((place for place, most in enumerate(self.days) if days <= most), None)
        return None if row is None or column is None else row.posts[column]

    def falls(self, posts: tuple[Post, ...]) -> tuple[str, tuple[str | int, ...], str] | None:
        """The first place where the posts are no matrix on this ladder: code, where, and what it should be."""
        rank = {post: place for place, post in enumerate(posts)}
        before: tuple[int, ...] = (0,) * len(self.days)
        for place, row in enumerate(self.matrix):
            at = ("matrix", place, "posts")
            if len(row.posts) != len(self.days):
                return "policy_matrix_width", at, str(len(self.days))
            if any(post not in rank for post in row.posts):
                return "policy_one_of", at, ", ".join(posts)
            ranks = tuple(rank[post] for post in row.posts)
            if list(ranks) != sorted(ranks):
                return "policy_matrix_row", at, ""
            if any(here < above for here, above in zip(ranks, before, strict=True)):
                return "policy_matrix_column", at, ""
            before = ranks
        return None


class Authority(Matrix):
    """The matrix of POLICY 6, and what goes with it."""

    posts: Annotated[tuple[Post, ...], Field(min_length=1)]
    route: Literal["chain", "direct"]
    one_post_higher: tuple[Literal["grade_c", "unrated", "override", "temporary", "release"], ...]
    group_request_days: Days
    delegation_days: Days
    modes: dict[SignerRole, Literal["any", "all", "majority"]] = {}
    """How many of several holders of a role have to sign at one step; any one where nothing is said."""
    branches: dict[str, Matrix] = {}
    """Branches that decide what lies within a matrix of their own; the head office's posts stand above it."""

    @model_validator(mode="after")
    def _posts_rise(self) -> Self:
        wrong = self.falls(self.posts)
        if wrong is not None:
            code, at, bound = wrong
            found = len(self.matrix[int(at[1])].posts) if code == "policy_matrix_width" else ""
            raise broken(code, *at, found=found, bound=bound)
        if self.matrix[-1].posts[-1] != self.posts[-1]:
            raise broken("policy_matrix_end", "matrix", len(self.matrix) - 1, "posts", bound=self.posts[-1])
        return self

    @model_validator(mode="after")
    def _branches_end_below(self) -> Self:
        """Somebody of the head office stands above every branch, so the highest post is never a branch's own."""
        for name, own in self.branches.items():
            wrong = own.falls(self.posts[:-1])
            if wrong is not None:
                code, at, bound = wrong
                found = len(own.matrix[int(at[1])].posts) if code == "policy_matrix_width" else ""
                raise broken(code, "branches", name, *at, found=found, bound=bound)
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
    recent_days: Days
    """What counts as new: slower pay, broken promises, receipts that look like strain."""
    mean_days: Days
    """What it is compared with."""
    idle_days: Days
    round_sum: Annotated[Decimal, Field(gt=0)]
    """A receipt that is a multiple of this and pays no invoice exactly is a round sum; base currency."""
    yellows_to_orange_days: Days
    orange_to_red_days: Days

    @model_validator(mode="after")
    def _rise(self) -> Self:
        for milder, worse in (
            ("utilisation_yellow", "utilisation_orange"),
            ("overdue_yellow_days", "overdue_orange_days"),
            ("overdue_orange_days", "overdue_red_days"),
        ):
            for sooner, later in zip(getattr(self, milder), getattr(self, worse), strict=True):
                if later < sooner:
                    raise broken("policy_warning_lines", worse, found=later, bound=sooner)
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
            raise broken("policy_weights", "weights", found=sum(self.weights.values()))
        for lower, higher in pairwise(("warn_above", "release_above", "refuse_above")):
            if getattr(self, higher) <= getattr(self, lower):
                raise broken("policy_risk_lines", higher, found=getattr(self, higher), bound=getattr(self, lower))
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

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        opens, closes = self.working_hours
        if closes <= opens:
            raise broken("policy_working_hours", "working_hours", found=closes, bound=opens)
        return self


class Operating(Part):
    """How often, how old, when (POLICY 11)."""

    sync_seconds: Annotated[int, Field(ge=5, le=86_400)]
    amber_minutes: Count
    stale_minutes: Count
    stale_working_days: Count
    digest_time: Clock
    bot_columns_minutes: Count
