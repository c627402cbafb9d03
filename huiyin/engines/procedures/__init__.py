"""Owns procedures: graphs of stages as data, refused when built, asked what may follow and why not, drawn.

Does not own the case that stands in a stage, its promises and forms, nor who has which role.
Start with build; docs/developers/engines/procedures.md has the schema and an example.
"""

from huiyin.engines.procedures.build import MAX_STAGES, MAX_STEPS, Known, build
from huiyin.engines.procedures.diagram import diagram
from huiyin.engines.procedures.errors import ProcedureError, StepNotOpenError, UnknownStageError
from huiyin.engines.procedures.procedure import Offer, Procedure, Stage, Step

__all__ = [
    "MAX_STAGES",
    "MAX_STEPS",
    "Known",
    "Offer",
    "Procedure",
    "ProcedureError",
    "Stage",
    "Step",
    "StepNotOpenError",
    "UnknownStageError",
    "build",
    "diagram",
]
