from __future__ import annotations

import pytest

from models.agreement import agreement


def pairs(**counts: int) -> list[tuple[str, str]]:
    """Posts by their two labels, a letter each."""
    return [(labels[0], labels[1]) for labels, count in counts.items() for _ in range(count)]


def test_kappa_is_what_is_left_beyond_chance() -> None:
    # 20 + 15 of 50 agree; by chance 25/50 * 30/50 + 25/50 * 20/50 = 0.5 would.
    found = agreement(pairs(yy=20, yn=5, ny=10, nn=15))
    assert found.agreed == 35
    assert found.share.value == 0.7
    assert found.kappa == pytest.approx(0.4)


def test_the_share_stands_between_the_ends_of_wilsons_interval() -> None:
    share = agreement(pairs(aa=5, ab=15)).share
    assert (share.low, share.high, share.n) == (
        pytest.approx(0.112, abs=5e-4),
        pytest.approx(0.469, abs=5e-4),
        20,
    )


@pytest.mark.parametrize(
    ("labels", "kappa"),
    [({"aa": 3, "bb": 2}, 1), ({"ab": 4}, 0), ({"ab": 2, "ba": 2}, -1), ({"aa": 7}, None)],
)
def test_kappa_at_its_ends(labels: dict[str, int], kappa: float | None) -> None:
    assert agreement(pairs(**labels)).kappa == kappa


def test_no_topic_is_a_label_too() -> None:
    assert agreement([(None, None), ("a", None)]).agreed == 1


def test_without_posts_nothing_is_known() -> None:
    found = agreement([])
    assert (found.agreed, found.share.value, found.kappa) == (0, None, None)
