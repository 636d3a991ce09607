"""Why a request cannot be routed, or an act not be done: codes with facts, sentences in texts/*/errors.j2."""

from scoring.errors import DeskError


class RouteError(DeskError):
    """A request that cannot be routed, and why: nobody is asked."""


class ActError(DeskError):
    """An act that is refused, and why; the request stays as it is."""


class DelegationError(DeskError):
    """A delegation that cannot be given, and why."""


class AdjustmentError(DeskError):
    """An expert adjustment that cannot be made, and why."""


class CaseError(DeskError):
    """Something that cannot be done with a case, and why; the case stays as it is."""
