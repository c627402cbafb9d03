"""Owns forms as data: refused when built, filled in, checked with reasons by field, masked.

Does not own what is stored, shown or signed, nor how a kind of personal value is masked.
Start with build; docs/developers/engines/forms.md has the schema and an example.
"""

from huiyin.engines.forms.build import MAX_FIELDS, build
from huiyin.engines.forms.errors import FormError
from huiyin.engines.forms.fields import MASKS, Choice, Field, FieldType
from huiyin.engines.forms.form import Checked, Form
from huiyin.engines.forms.schema import MAX_CHOICES
from huiyin.engines.forms.values import Value

__all__ = [
    "MASKS",
    "MAX_CHOICES",
    "MAX_FIELDS",
    "Checked",
    "Choice",
    "Field",
    "FieldType",
    "Form",
    "FormError",
    "Value",
    "build",
]
