"""Every status × every move × every role, written by hand from the decisions and never copied from the code.

The case is of the team `service`; Alice owns it and Bob works on it. Three tables, read from left to right:

1. A role without the right to work on cases is answered 403, whatever it asks (NO_RIGHT); who must not see the case
   404 (SIGHT). In the queue nobody owns the case and nobody works on it: Alice and Bob are two of the team.
2. Who sees it but may not do this is answered 403 (WHO).
3. Otherwise the state of the case decides (MOVES): `ok`, or the refusal; `-` stands for 409.

`queued` is a new case that nobody has, `new` one that was given to Bob, `merged` one that lives on in another.
"""

STATES = ("queued", "new", "open", "waiting", "resolved", "closed", "void", "merged")
STATUS_OF = {"queued": "new", "merged": "void"}

# Those who may not work on cases: to see, to judge, to run the installation.
NO_RIGHT = ("quality", "administrator", "auditor", "general_manager", "collaborator")

_SIGHT = """
              queued  new   open  waiting  resolved  closed  void  merged
owner         ok      404   ok    ok       ok        ok      ok    ok
handler       ok      ok    ok    ok       ok        ok      ok    ok
colleague     ok      404   404   404      404       404     404   404
outsider      404     404   404   404      404       404     404   404
lead          ok      ok    ok    ok       ok        ok      ok    ok
other_lead    404     404   404   404      404       404     404   404
manager       ok      ok    ok    ok       ok        ok      ok    ok
program       ok      ok    ok    ok       ok        ok      ok    ok
"""

# works: whoever sees it. theirs: who works on it, and who gives work to others. gives: who gives work to others.
# passes: theirs, and anybody of the team while it waits in the queue. voids, erases: rights of their own; a program
# that connects systems may not erase. spam: who voids, and who works on it. writer: who wrote it. follower: himself.
_WHO = """
              works  theirs  passes  gives  voids  spam  erases
owner         ok     403     403     403    403    403   403
handler       ok     ok      ok      403    403    ok    403
colleague     ok     403     ok      403    403    403   403
lead          ok     ok      ok      ok     ok     ok    ok
manager       ok     ok      ok      ok     ok     ok    ok
program       ok     ok      ok      ok     ok     ok    403
"""

_MOVES = """
                 queued  new   open  waiting  resolved  closed  void  merged   who
accept           ok      ok    -     -        -         -       -     -        works
wait             -       -     ok    -        -         -       -     -        works
snooze           -       -     ok    -        -         -       -     -        works
resume           -       -     -     ok       -         -       -     -        works
resolve          -       -     ok    ok       -         -       -     -        works
take_and_resolve ok      ok    ok    ok       -         -       -     -        works
tell_outcome     -       -     -     -        ok        -       -     -        works
confirm          -       -     -     -        ok        -       -     -        works
dispute          -       -     -     -        ok        -       -     -        works
reopen           -       -     -     -        -         ok      -     -        works
go_on            -       -     -     -        -         ok      -     -        works
void             ok      ok    ok    ok       -         -       -     -        voids
restore          -       -     -     -        -         -       ok    -        voids
spam             ok      ok    ok    ok       -         -       -     -        spam
not_spam         -       -     -     -        -         -       ok    -        voids
reply            ok      ok    ok    ok       ok        -       -     -        works
note             ok      ok    ok    ok       ok        ok      ok    ok       works
recall           -       -     ok    ok       ok        ok      ok    ok       writer
redact_preview   ok      ok    ok    ok       ok        ok      ok    ok       erases
redact           ok      ok    ok    ok       ok        ok      ok    ok       erases
edit             ok      ok    ok    ok       ok        -       -     -        works
edit_title       ok      ok    ok    ok       ok        ok      -     -        works
transfer         ok      ok    ok    ok       -         -       -     -        passes
reassign         ok      ok    ok    ok       ok        -       -     -        gives
give_back        -       ok    ok    ok       -         -       -     -        theirs
ask_missing      ok      ok    ok    ok       -         -       -     -        works
known            ok      ok    ok    ok       ok        -       -     -        works
identity         ok      ok    ok    ok       ok        ok      ok    ok       works
merge            ok      ok    ok    ok       -         -       -     -        works
merge_same       ok      ok    ok    ok       -         -       -     -        works
not_same         ok      ok    ok    ok       ok        -       -     -        works
unmerge          -       -     -     -        -         -       -     ok       works
split            ok      ok    ok    ok       ok        ok      -     -        works
link             ok      ok    ok    ok       ok        ok      -     -        works
unlink           ok      ok    ok    ok       ok        ok      ok    ok       works
put_under        ok      ok    ok    ok       ok        ok      -     -        works
take_out         ok      ok    ok    ok       ok        ok      ok    ok       works
answer_children  ok      ok    ok    ok       ok        ok      -     -        works
evidence         ok      ok    ok    ok       ok        ok      -     -        works
call_back        -       -     -     -        ok        -       -     -        works
promise          ok      ok    ok    ok       ok        -       -     -        works
keep             ok      ok    ok    ok       ok        ok      -     -        theirs
extend           ok      ok    ok    ok       ok        ok      -     -        theirs
cancel           ok      ok    ok    ok       ok        ok      -     -        theirs
ask_department   ok      ok    ok    ok       -         -       -     -        works
escalate         ok      ok    ok    ok       ok        -       -     -        works
about            ok      ok    ok    ok       ok        ok      ok    ok       gives
compensate       ok      ok    ok    ok       -         -       -     -        works
macro            ok      ok    ok    ok       ok        -       -     -        works
let_follow       ok      ok    ok    ok       ok        ok      ok    ok       theirs
end_following    ok      ok    ok    ok       ok        ok      ok    ok       theirs
tag              ok      ok    ok    ok       ok        ok      ok    ok       works
untag            ok      ok    ok    ok       ok        ok      ok    ok       works
draft            ok      ok    ok    ok       ok        ok      ok    ok       works
give_up_draft    ok      ok    ok    ok       ok        ok      ok    ok       works
"""

# What a customer does on their own page, and the status that the case then has.
_BY_CUSTOMER = """
              new   open  waiting  resolved  closed  void
writes        new   open  open     open      open    void
confirms      new   open  waiting  closed    closed  void
disputes      new   open  waiting  open      closed  void
"""

# The status that a move of the life cycle enters.
ENTERS = {
    "accept": "open",
    "wait": "waiting",
    "snooze": "waiting",
    "resume": "open",
    "resolve": "resolved",
    "take_and_resolve": "resolved",
    "confirm": "closed",
    "dispute": "open",
    "reopen": "open",
    "go_on": "open",
    "void": "void",
    "spam": "void",
    "merge": "void",
    "merge_same": "void",
    "restore": "open",
    "not_spam": "open",
}


def _read(table: str) -> dict[str, dict[str, str]]:
    head, *lines = table.strip("\n").splitlines()
    rows = {line.split()[0]: line.split()[1:] for line in lines}
    return {name: dict(zip(head.split(), cells, strict=True)) for name, cells in rows.items()}


SIGHT, WHO, MOVES, BY_CUSTOMER = _read(_SIGHT), _read(_WHO), _read(_MOVES), _read(_BY_CUSTOMER)
# What needs a right of its own, which the door may ask for before it looks for the case.
RIGHTS = ("gives", "voids", "erases")
ROLES = (*SIGHT, *NO_RIGHT)


def answers(move: str, state: str, role: str) -> tuple[str, ...]:
    """Return `ok` or the refusal's code: one answer, or two where either keeps what must be kept.

    Who neither sees the case nor has the right for the move is refused for either reason.
    """
    seen = SIGHT.get(role, {}).get(state)
    if seen == "404" and MOVES[move]["who"] in RIGHTS and role not in ("other_lead",):
        return ("404", "403")
    return (answer(move, state, role),)


def answer(move: str, state: str, role: str) -> str:
    """Return `ok` or the refusal's code."""
    if role in NO_RIGHT:
        return "403"
    if SIGHT[role][state] != "ok":
        return SIGHT[role][state]
    if state == "queued" and role in ("owner", "handler"):
        role = "colleague"
    who = MOVES[move]["who"]
    if who == "writer":
        return "ok" if role == "handler" and MOVES[move][state] == "ok" else "409"
    if WHO[role][who] != "ok":
        return WHO[role][who]
    return MOVES[move][state].replace("-", "409")
