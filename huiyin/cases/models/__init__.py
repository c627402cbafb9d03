"""Owns the tables of cases: the case itself, its entries, contacts, promises, relations, requests and plans.

Does not own any change of them (lifecycle and the other verbs of this package do).
Start with case.Case.
"""

from huiyin.cases.models.around import Mention, SavedView
from huiyin.cases.models.assignment import ASSIGNED, OBSERVATION, Assignment
from huiyin.cases.models.case import NEVER, PRIORITY_RANK, Case, CaseQuerySet
from huiyin.cases.models.collaboration import Collaboration, Compensation
from huiyin.cases.models.contact import Contact
from huiyin.cases.models.entry import Entry, EntryBody
from huiyin.cases.models.export import Export
from huiyin.cases.models.load import AgentLoad
from huiyin.cases.models.plan import Occurrence, Plan
from huiyin.cases.models.promise import Promise
from huiyin.cases.models.relations import CaseLink, CaseTag, DraftText, Merge, Watcher
from huiyin.cases.models.search import SearchMark, SearchRow

__all__ = [
    "ASSIGNED",
    "NEVER",
    "OBSERVATION",
    "PRIORITY_RANK",
    "AgentLoad",
    "Assignment",
    "Case",
    "CaseLink",
    "CaseQuerySet",
    "CaseTag",
    "Collaboration",
    "Compensation",
    "Contact",
    "DraftText",
    "Entry",
    "EntryBody",
    "Export",
    "Mention",
    "Merge",
    "Occurrence",
    "Plan",
    "Promise",
    "SavedView",
    "SearchMark",
    "SearchRow",
    "Watcher",
]
