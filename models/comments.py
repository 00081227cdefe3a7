"""Comments on their way into the store: authors become pseudonyms, texts are masked and scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from models.privacy import Pseudonyms, masked
from models.schema import COMMENTS_SEEN
from models.sentiment import Scorer

TABLE: Final = "comments_seen"


@dataclass(frozen=True)
class Keeper:
    """Makes rows of `comments_seen` what may be stored."""

    pseudonyms: Pseudonyms
    scorer: Scorer

    def storable(self, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
        """The tables of a batch; comments without handles and with masked, scored texts."""
        return {name: self._kept(rows) if name == TABLE else rows for name, rows in tables.items()}

    def _kept(self, rows: pa.Table) -> pa.Table:
        kept = [self._one(row) for row in rows.to_pylist()]
        texts = [str(row["text"]) for row in kept]
        scores = self.scorer.score(texts)
        scored = [
            {
                **row,
                "text_key": self.pseudonyms.text_key(text),
                "stock_compound": score.stock_compound,
                "compound": score.compound,
                "category": score.category,
                "scored_with": self.scorer.name,
            }
            for row, text, score in zip(kept, texts, scores, strict=True)
        ]
        return pa.Table.from_pylist(scored, schema=COMMENTS_SEEN)

    def _one(self, row: dict[str, object]) -> dict[str, object]:
        author = row["author"]
        where = str(row["platform"]), str(row["post_id"])
        return {
            **row,
            "author": None if author is None else self.pseudonyms.of(*where, str(author)),
            "text": masked(str(row["text"] or "")),
        }
