"""A built procedure: its stages, and which steps are open to whom."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from huiyin.engines.conditions import Condition
from huiyin.engines.procedures.errors import StepNotOpenError, UnknownStageError
from huiyin.engines.reason import Reason


@dataclass(frozen=True, slots=True)
class Step:
    """A way from a stage to another.

    `back` returns to an earlier stage; `by` are the roles that may take it, any one is enough.
    """

    to: str
    label: Mapping[str, str]
    by: tuple[str, ...]
    when: Condition | None = None
    back: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a case can stand.

    Entering it opens the promises of the policies in `promises` and fulfils those in `keeps`. `who` are the
    roles whose turn it is; `form` is filled in here. Going on from it reports the case to who holds the roles
    in `reports`; a step back does not. `needs_management` says that management looks at what stands here. A final
    stage has no steps.
    """

    key: str
    label: Mapping[str, str]
    who: tuple[str, ...] = ()
    form: str | None = None
    promises: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    final: bool = False
    needs_management: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as someone sees it: `because` is empty when it is open, else it holds every ground against."""

    step: Step
    because: tuple[Reason, ...]

    @property
    def is_open(self) -> bool:
        """Whether the step may be taken."""
        return not self.because


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure that passed every check; made only by `build`. `start` is the first stage."""

    start: str
    stages: tuple[Stage, ...]

    def stage(self, key: str) -> Stage:
        """Return the stage with this key. Raises UnknownStageError, which a changed pack can cause."""
        for stage in self.stages:
            if stage.key == key:
                return stage
        raise UnknownStageError(key)

    def offers(self, key: str, *, facts: Mapping[str, object], roles: Collection[str]) -> tuple[Offer, ...]:
        """Return every step from the stage `key`, open or not, as someone with `roles` sees it.

        Grounds: `other_role` (by), and the leaves of the step's condition that decided. Raises
        UnknownStageError, and TypeError for a fact that has the wrong type.
        """
        return tuple(Offer(step, _grounds(step, facts, roles)) for step in self.stage(key).steps)

    def take(self, key: str, to: str, *, facts: Mapping[str, object], roles: Collection[str]) -> Stage:
        """Return the stage that is entered by the step from `key` to `to`. Storing it is the caller's.

        Raises StepNotOpenError with every ground (`no_such_step` when there is none), UnknownStageError.
        """
        for offer in self.offers(key, facts=facts, roles=roles):
            if offer.step.to == to:
                if not offer.is_open:
                    raise StepNotOpenError(offer.because)
                return self.stage(to)
        raise StepNotOpenError((Reason("no_such_step", {"stage": key, "to": to}),))

    @property
    def may_stick(self) -> tuple[str, ...]:
        """Stages all of whose steps have a condition: for some facts none might be open.

        Not refused, since conditions that leave no gap cannot be told from those that do; shown by checks.
        """
        return tuple(
            stage.key
            for stage in self.stages
            if stage.steps and all(step.when is not None for step in stage.steps)
        )


def _grounds(step: Step, facts: Mapping[str, object], roles: Collection[str]) -> tuple[Reason, ...]:
    grounds: list[Reason] = []
    if not set(step.by) & set(roles):
        grounds.append(Reason("other_role", {"by": ", ".join(step.by)}))
    if step.when is not None and not (explained := step.when.explain(facts)).holds:
        grounds += explained.because
    return tuple(grounds)
