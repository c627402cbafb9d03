"""Owns how alike texts are: tokens, BM25 search, n-gram cosine, near duplicates, clusters.

Does not own storing or listing what was found, nor spelling and pinyin (knowledge does).
Start with tokens, then Builder (search) or clusters.
"""

from huiyin.engines.similarity.alike import cosine, jaccard, shingles
from huiyin.engines.similarity.bm25 import Builder, Index, Match
from huiyin.engines.similarity.duplicates import Nearby, clusters
from huiyin.engines.similarity.minhash import estimate, signature
from huiyin.engines.similarity.tokens import tokens

__all__ = [
    "Builder",
    "Index",
    "Match",
    "Nearby",
    "clusters",
    "cosine",
    "estimate",
    "jaccard",
    "shingles",
    "signature",
    "tokens",
]
