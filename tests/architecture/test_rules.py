"""Samples that keep and break each rule: a check that finds nothing must not look like success."""

from collections.abc import Callable, Iterator
from textwrap import dedent

import pytest

from scripts.check_clock import clock_reads
from scripts.check_imports import imports_in_functions
from scripts.check_queries import lookups_from_outside, unlimited_queries
from scripts.check_reach import calls_out_elsewhere, renderers
from scripts.check_shape import packages_without_opening, too_long
from scripts.check_source import Finding, Source
from scripts.check_stored import html_as_it_comes, text_that_acts, xml_without_defence
from scripts.check_templates import compiled_text
from scripts.check_writes import transactions_elsewhere

Rule = Callable[[Source], Iterator[Finding]]
OPENING = '"""Owns cases.\n\nDoes not own customers.\nStart with lifecycle.\n"""'
LONG_FUNCTION = "def long():\n" + "    a = 1\n" * 60
LONGEST_FUNCTION = "def long():\n" + "    a = 1\n" * 59

GOOD: list[tuple[Rule, str, str]] = [
    (calls_out_elsewhere, "base/http.py", "import requests"),
    (calls_out_elsewhere, "base/hints.py", "import socket\nfrom huiyin.base import http"),
    (clock_reads, "desk/views/case.py", "at = clock.now()"),
    (clock_reads, "staff/web.py", "at = clock.now()"),
    (clock_reads, "base/clock.py", "def now(): return datetime.now(UTC)"),
    (clock_reads, "cases/lifecycle.py", "local = timezone.localtime(at)"),
    (clock_reads, "cases/lifecycle.py", "began = time.monotonic()"),
    (compiled_text, "desk/views/case.py", "from django.template.loader import render_to_string"),
    (compiled_text, "rules/wordings.py", "from huiyin.rules.models import Template\nTemplate(code='a')"),
    (imports_in_functions, "heavy/pdf.py", "def draw():\n    import weasyprint"),
    (
        imports_in_functions,
        "base/apps.py",
        "class Base(AppConfig):\n    def ready(self):\n        from . import checks",
    ),
    (imports_in_functions, "cases/lifecycle.py", "if TYPE_CHECKING:\n    import re"),
    (lookups_from_outside, "cases/find.py", "Case.objects.filter(status='open', **{'team__code': team})"),
    (lookups_from_outside, "cases/find.py", "Case(**fields)"),
    (renderers, "base/pictures.py", "from PIL import Image"),
    (renderers, "cases/records.py", "import csv"),
    (packages_without_opening, "cases/__init__.py", OPENING),
    (packages_without_opening, "cases/lifecycle.py", ""),
    (packages_without_opening, "desk/views/__init__.py", ""),
    (packages_without_opening, "__init__.py", '"""The whole."""'),
    (html_as_it_comes, "desk/rows.py", "escape(text)"),
    (text_that_acts, "rules/wordings.py", "'{} of {}'.format(1, 2)"),
    (text_that_acts, "rules/wordings.py", "import re\nre.compile('a')\nyaml.safe_load(text)"),
    (text_that_acts, "packs/pack.py", "yaml.load(text, Loader=yaml.CSafeLoader)"),
    (text_that_acts, "rules/wordings.py", "from huiyin.rules.models import Template"),
    (too_long, "cases/lifecycle.py", LONGEST_FUNCTION),
    (too_long, "cases/lifecycle.py", "a = 1\n" * 300),
    (xml_without_defence, "engines/mail/parts.py", "from defusedxml.ElementTree import fromstring"),
    (transactions_elsewhere, "base/tx.py", "from django.db import transaction\ntransaction.atomic()"),
    (transactions_elsewhere, "base/sqlite/base.py", "cursor.execute('BEGIN IMMEDIATE')"),
    (transactions_elsewhere, "cases/find.py", "from django.db import models\ncursor.execute('SELECT 1')"),
    (unlimited_queries, "desk/views/case.py", "Case.objects.visible_to(viewer).open()"),
    (
        unlimited_queries,
        "desk/views/case.py",
        "get_object_or_404(Case.objects.visible_to(viewer), number=number)",
    ),
    (unlimited_queries, "cases/lifecycle.py", "Case.objects.filter(number=number)"),
]
BAD: list[tuple[Rule, str, str]] = [
    (calls_out_elsewhere, "channels/deliver.py", "import requests"),
    (calls_out_elsewhere, "channels/deliver.py", "from urllib import request"),
    (calls_out_elsewhere, "channels/mail.py", "import smtplib as s"),
    (calls_out_elsewhere, "base/hints.py", "socket.create_connection(place)"),
    (renderers, "cases/records.py", "from weasyprint import HTML"),
    (renderers, "base/files.py", "import PIL.Image"),
    (clock_reads, "cases/lifecycle.py", "at = clock.now()"),
    (clock_reads, "cases/lifecycle.py", "at = base.clock.now()"),
    (clock_reads, "cases/models.py", "made = DateTimeField(default=clock.now)"),
    (clock_reads, "cases/models.py", "made = DateTimeField(auto_now_add=True)"),
    (clock_reads, "cases/find.py", "Case.objects.filter(due__lt=timezone.now())"),
    (clock_reads, "cases/find.py", "Case.objects.filter(due__lt=functions.Now())"),
    (clock_reads, "cases/find.py", "day = timezone.localdate()"),
    (clock_reads, "desk/views/case.py", "at = datetime.now(UTC)"),
    (clock_reads, "desk/views/case.py", "at = datetime.datetime.now(UTC)"),
    (clock_reads, "desk/views/case.py", "day = date.today()"),
    (clock_reads, "base/audit.py", "at = time.time()"),
    (clock_reads, "engines/assign.py", "time.monotonic()"),
    (compiled_text, "rules/wordings.py", "from django.template import Template"),
    (compiled_text, "rules/wordings.py", "from django.template import Context, Template as T"),
    (compiled_text, "rules/wordings.py", "template.Template(text)"),
    (compiled_text, "rules/wordings.py", "Engine.get_default().from_string(text)"),
    (compiled_text, "rules/wordings.py", "import jinja2"),
    (compiled_text, "rules/wordings.py", "from jinja2.sandbox import SandboxedEnvironment"),
    (imports_in_functions, "cases/lifecycle.py", "def move():\n    from huiyin import dispatch"),
    (imports_in_functions, "cases/lifecycle.py", "class Case:\n    def ready(self):\n        import re"),
    (imports_in_functions, "base/apps.py", "class Base(AppConfig):\n    def other(self):\n        import re"),
    (lookups_from_outside, "api/cases.py", "rows.filter(**request.GET)"),
    (lookups_from_outside, "api/cases.py", "rows.exclude(**{key: value})"),
    (lookups_from_outside, "api/cases.py", "Q(**wanted)"),
    (lookups_from_outside, "api/cases.py", "rows.filter(**{**wanted})"),
    (packages_without_opening, "cases/__init__.py", ""),
    (packages_without_opening, "cases/__init__.py", '"""Cases. Start with lifecycle."""'),
    (packages_without_opening, "engines/roster/__init__.py", '"""Owns rosters.\nStart with fill."""'),
    (html_as_it_comes, "desk/rows.py", "mark_safe(text)"),
    (html_as_it_comes, "desk/rows.py", "safestring.mark_safe(text)"),
    (html_as_it_comes, "desk/rows.py", "format_html('<b>{}</b>', text)"),
    (text_that_acts, "rules/wordings.py", "row.text.format(case=case)"),
    (text_that_acts, "rules/wordings.py", "text.format_map(values)"),
    (text_that_acts, "rules/wordings.py", "from string import Template as T"),
    (text_that_acts, "rules/wordings.py", "from string import Formatter"),
    (text_that_acts, "base/held.py", "import pickle"),
    (text_that_acts, "base/held.py", "import shelve as s"),
    (text_that_acts, "base/held.py", "from pickle import loads"),
    (text_that_acts, "base/held.py", "eval(text)"),
    (text_that_acts, "packs/pack.py", "yaml.load(text)"),
    (text_that_acts, "packs/pack.py", "yaml.unsafe_load(text)"),
    (text_that_acts, "packs/pack.py", "yaml.load(text, Loader=yaml.FullLoader)"),
    (too_long, "cases/lifecycle.py", LONG_FUNCTION),
    (too_long, "cases/lifecycle.py", "a = 1\n" * 301),
    (transactions_elsewhere, "cases/lifecycle.py", "from django.db import models, transaction"),
    (transactions_elsewhere, "cases/lifecycle.py", "import django.db.transaction as t"),
    (transactions_elsewhere, "cases/lifecycle.py", "with db.transaction.atomic(): pass"),
    (transactions_elsewhere, "cases/lifecycle.py", "connection.set_autocommit(False)"),
    (transactions_elsewhere, "cases/lifecycle.py", "cursor.execute('  begin immediate')"),
    (transactions_elsewhere, "cases/lifecycle.py", "cursor.execute('SAVEPOINT a')"),
    (unlimited_queries, "desk/views/case.py", "Case.objects.get(number=number)"),
    (unlimited_queries, "portal/views/case.py", "Case._default_manager.all()"),
    (unlimited_queries, "api/cases.py", "rows = Case.objects\nrows.visible_to(viewer)"),
    (unlimited_queries, "api/cases.py", "get_object_or_404(Case, number=number)"),
    (unlimited_queries, "api/cases.py", "connection.cursor()"),
    (xml_without_defence, "engines/mail/parts.py", "import xml.etree.ElementTree as tree"),
    (xml_without_defence, "engines/mail/parts.py", "from xml.sax import parse"),
    (xml_without_defence, "engines/mail/parts.py", "from lxml import etree"),
]


def name_sample(value: object) -> str | None:
    return getattr(value, "__name__", None)


@pytest.mark.parametrize(("rule", "path", "text"), GOOD, ids=name_sample)
def test_a_sample_that_keeps_the_rule_passes(rule: Rule, path: str, text: str) -> None:
    assert not list(rule(Source(f"huiyin/{path}", text)))


@pytest.mark.parametrize(("rule", "path", "text"), BAD, ids=name_sample)
def test_a_sample_that_breaks_the_rule_is_found(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(f"huiyin/{path}", text)))


def test_a_finding_names_the_function_so_that_moved_lines_do_not_matter() -> None:
    text = dedent("""
        class Case:
            def late(self):
                return timezone.now()
    """)
    (finding,) = clock_reads(Source("huiyin/cases/models.py", text))
    assert finding.place == "huiyin/cases/models.py:Case.late"
