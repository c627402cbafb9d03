"""The nouns of the API as types, for the OpenAPI document: what `shapes` answers, field by field.

Answers are not run through these when they are made; a test holds the two together.
"""

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Noun(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """A refusal (RFC 9457). `code` is stable; `fields` names each wrong field."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    fields: dict[str, str] | None = None


class Promise(Noun):
    id: str
    kind: str
    state: str
    due_at: AwareDatetime
    first_due: AwareDatetime
    fulfilled_at: AwareDatetime | None
    provisional: bool


class CaseCustomer(Noun):
    number: str
    name: str
    level: str


class Case(Noun):
    number: str
    url: str
    kind: str
    title: str
    category: str
    subcategory: str | None
    priority: Literal["urgent", "normal", "low"]
    emotion: str
    status: Literal["new", "open", "waiting", "resolved", "closed", "void"]
    waiting_for: str | None
    snoozed_until: AwareDatetime | None
    tags: list[str]
    owner: str | None
    handler: str | None
    team: str
    site: str
    channel: str
    customer: CaseCustomer | None
    language: str
    department: str | None
    is_complex: bool
    is_outbound: bool
    missing: list[str]
    likely_same: str | None
    promises: list[Promise]
    escalation_level: int
    procedure: str | None
    stage: str | None
    version: int
    opened_at: AwareDatetime
    resolved_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    goal: str | None
    goal_met: bool | None
    outcome: Literal["satisfied", "pending", "dissatisfied"] | None
    closed_how: Literal["customer", "channel", "call", "silence", "no_answer", "lead"] | None
    confirms_by_silence_at: AwareDatetime | None
    follows: str | None


class By(Noun):
    kind: Literal["staff", "customer", "system"]
    ref: str


class Entry(Noun):
    id: str
    seq: int
    kind: str
    audience: Literal["customer", "staff", "supervision"]
    by: By
    at: AwareDatetime
    sentence: str
    text: str
    recalled: bool
    payload: dict[str, Any]


class Contact(Noun):
    """One call or chat session; `no` counts within its case."""

    id: str
    no: int | None
    channel: str
    queue: str | None
    person: str | None
    offered_at: AwareDatetime
    answered_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    outcome: Literal["answered", "abandoned", "wrong"] | None


class ContactList(Noun):
    items: list[Contact]


class CaseWithEntries(Case):
    entries: list[Entry]
    earlier: int | None = None


class ProposedPromise(Noun):
    kind: str
    due_at: AwareDatetime
    text: str


class CaseAndEntry(Noun):
    """`newer`: messages that came after `seen_seq` and before the reply; who wrote had not seen them."""

    entry: Entry
    case: Case
    proposed_promises: list[ProposedPromise]
    newer: list[int]


class OpenedCase(Noun):
    case: Case
    why: list[dict[str, Any]]


class BulkOutcome(Noun):
    number: str
    outcome: Literal["done", "stale", "not_allowed", "not_found", "busy"]
    version: int | None
    fields: dict[str, str]


class BulkOutcomes(Noun):
    items: list[BulkOutcome]


class CheckedCase(Noun):
    passed: bool
    case: Case


class CasePage(Noun):
    items: list[Case]
    next_cursor: str | None


class Organisation(Noun):
    number: str
    name: str


class OrganisationList(Noun):
    items: list[Organisation]


class Way(Noun):
    kind: Literal["phone", "email", "identity"]
    value: str


class Customer(Noun):
    number: str
    name: str
    level: str
    language: str | None
    need: str | None
    preference: str | None
    tags: list[str]
    organisation: Organisation | None
    dedicated: str | None
    salesperson: str | None
    area_manager: str | None
    identities: list[Way]
    blocked_at: AwareDatetime | None
    merged_into: str | None
    erased_at: AwareDatetime | None
    version: int
    made_at: AwareDatetime


class Piece(Noun):
    text: str
    hit: bool


class FoundCase(Noun):
    """`entry` is where the words stand, None when the case was found by what stands at its head."""

    where: Literal["cases"] = Field(alias="in")
    case: Case
    entry: str | None
    passage: list[Piece]


class FoundCustomer(Noun):
    where: Literal["customers"] = Field(alias="in")
    customer: Customer


class FoundPage(Noun):
    items: list[FoundCase | FoundCustomer]
    next_cursor: str | None


class Consent(Noun):
    purpose: str
    text_version: str
    how: str
    given_at: AwareDatetime
    withdrawn_at: AwareDatetime | None


class CustomerInFull(Customer):
    consents: list[Consent]
    cases: list[str]


class CustomerPage(Noun):
    items: list[Customer]
    next_cursor: str | None


class CustomerList(Noun):
    items: list[Customer]


class ConsentList(Noun):
    items: list[Consent]


class Revealed(Noun):
    number: str
    name: str
    contacts: list[Way]


class ErasurePreview(Noun):
    preview: dict[str, int]


class Erasure(ErasurePreview):
    id: str
    asked_at: AwareDatetime
    done_at: AwareDatetime | None


class Endpoint(Noun):
    id: str
    url: str
    kinds: list[str]
    failures: int
    held_until: AwareDatetime | None
    disabled_at: AwareDatetime | None
    disabled_why: str | None
    made_at: AwareDatetime


class EndpointMade(Endpoint):
    signing_secret: str


class EndpointList(Noun):
    items: list[Endpoint]


class Delivery(Noun):
    id: str
    kind: str
    state: Literal["waiting", "sent", "dead"]
    tries: int
    error: str | None
    reason: dict[str, Any] | None
    made_at: AwareDatetime
    sent_at: AwareDatetime | None


class DeliveryList(Noun):
    items: list[Delivery]
