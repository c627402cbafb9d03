"""Personal values mask themselves wherever they could slip out."""

import copy
import json

import pytest
import structlog
from django.core.serializers.json import DjangoJSONEncoder
from hypothesis import given as always
from hypothesis import strategies as st

from huiyin.base.personal import KINDS, Personal, mask, normalise
from huiyin.cases.bodies import masked

RAW = "13655550188"


def test_no_way_of_printing_shows_the_value() -> None:
    value = Personal("phone", RAW)
    shown = [
        str(value),
        repr(value),
        f"{value}",
        f"{value!r}",
        "%s" % value,  # noqa: UP031
        repr([value]),
        repr({"a": value}),
        json.dumps(value, default=str),
        str(copy.deepcopy(value)),
        structlog.processors.JSONRenderer(default=str)(None, "", {"who": value}),
    ]
    assert all(RAW not in str(one) and "136****0188" in str(one) for one in shown)
    with pytest.raises(TypeError):
        json.dumps(value, cls=DjangoJSONEncoder)
    assert value.reveal() == RAW


@pytest.mark.parametrize(
    ("kind", "raw", "shown"),
    [
        ("phone", "13800138000", "138****8000"),
        ("phone", "5550188", "55****88"),
        ("phone", "110", "1***"),
        ("email", "weiwei@example.com", "w***@example.com"),
        ("email", "w@example.com", "***@example.com"),
        ("name", "张伟", "张*"),
        ("name", "欧阳娜娜", "欧**"),
        ("name", "李", "*"),
        ("id_number", "11010519491231002X", "110****002X"),
        ("address", "北京市朝阳区", "北***"),
        ("identity", "x", "***"),
        ("name", "", ""),
    ],
)
def test_what_is_shown_of_each_kind(kind: str, raw: str, shown: str) -> None:
    assert mask(kind, raw) == shown


@always(st.sampled_from(KINDS), st.text(min_size=1, max_size=30))
def test_a_mask_never_gives_the_whole_value(kind: str, raw: str) -> None:
    if raw.strip("*") and not (kind == "email" and raw.startswith("@")):
        assert raw not in mask(kind, raw)


@pytest.mark.parametrize("raw", ["13655550188", "+86 136 5555 0188", "0086-136-5555-0188", "(136) 5555-0188"])
def test_one_phone_is_one_person_however_it_is_written(raw: str) -> None:
    assert normalise("phone", raw) == RAW


def test_spans_that_overlap_or_touch_hide_everything_they_cover() -> None:
    text = "住在北京市朝阳区13655550188楼,邮箱weiwei@example.com"
    phone, mail = text.index(RAW), text.index("weiwei")
    spans = [("address", 2, phone + 6), ("phone", phone, phone + 11), ("email", mail, mail + 18)]
    shown = masked(text, spans)
    assert RAW[3:7] not in shown and "朝阳区" not in shown and "weiwei" not in shown
