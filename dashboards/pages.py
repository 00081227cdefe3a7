"""Every page of a site."""

from __future__ import annotations

from dashboards import comms, creator, index, method, sheet, team
from dashboards.blocks import Page
from dashboards.facts import Facts
from dashboards.reader import Reader


def every_page(reader: Reader, facts: Facts) -> tuple[Page, ...]:
    """In the order of the links between them; sheets and creators' own pages come last."""
    return (
        index.index_page(facts),
        *(team.team_page(reader, facts, row) for row in facts.teams),
        comms.comms_page(reader, facts),
        method.method_page(reader, facts),
        *(sheet.sheet_page(reader, facts, row) for row in facts.teams),
        *(creator.creator_page(reader, facts, row) for row in facts.creators),
    )
