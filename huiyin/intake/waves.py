"""Messages of one call or chat session that arrive together: the second finds the case that the first opened."""

from collections.abc import Sequence
from datetime import datetime

from huiyin.base.models import Blob
from huiyin.channels.inbound import Inbound
from huiyin.intake import pipeline


def run(
    items: Sequence[Inbound],
    thought: Sequence[pipeline.Thought],
    blobs: Sequence[Sequence[Blob]],
    *,
    at: datetime,
) -> list[pipeline.Placed | pipeline.Aside]:
    """Do what `pipeline.run` does, one after the other for those that name the same session; all at once as a rule."""
    if not any(item.thread_session for item in items):
        return pipeline.run(items, thought, blobs, at=at)
    placed: dict[int, pipeline.Placed | pipeline.Aside] = {}
    for wave in waves(items):
        found = pipeline.run(
            [items[i] for i in wave], [thought[i] for i in wave], [blobs[i] for i in wave], at=at
        )
        placed |= zip(wave, found, strict=True)
    return [placed[i] for i in range(len(items))]


def waves(items: Sequence[Inbound]) -> list[list[int]]:
    """Return the places of the items in waves: in each no session occurs twice, and its messages keep their order."""
    found: list[list[int]] = [[]]
    seen: dict[tuple[str, str], int] = {}
    for i, item in enumerate(items):
        nth = 0
        if item.thread_session:
            key = item.channel, item.thread_session
            nth = seen[key] = seen.get(key, -1) + 1
        if nth == len(found):
            found.append([])
        found[nth].append(i)
    return found
