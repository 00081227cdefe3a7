from __future__ import annotations

from itertools import combinations

import pytest

from dashboards import theme


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_contrast_formula_gives_the_known_ratios() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#005EB8", "#ffffff") == pytest.approx(6.38, abs=0.01)


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", theme.TEXT_PAIRS, ids=" on ".join)
def test_text_can_be_read(tokens: dict[str, str], pair: tuple[str, str]) -> None:
    assert contrast(tokens[pair[0]], tokens[pair[1]]) >= 4.5


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", theme.SHAPE_PAIRS, ids=" on ".join)
def test_borders_of_controls_can_be_seen(tokens: dict[str, str], pair: tuple[str, str]) -> None:
    assert contrast(tokens[pair[0]], tokens[pair[1]]) >= 3


@pytest.mark.parametrize("pair", theme.CHART_TEXT_PAIRS, ids=" on ".join)
def test_text_in_charts_can_be_read(pair: tuple[str, str]) -> None:
    assert contrast(theme.CHART[pair[0]], theme.CHART[pair[1]]) >= 4.5


@pytest.mark.parametrize("pair", theme.CHART_SHAPE_PAIRS, ids=" on ".join)
def test_shapes_in_charts_can_be_seen(pair: tuple[str, str]) -> None:
    assert contrast(theme.CHART[pair[0]], theme.CHART[pair[1]]) >= 3


def test_categories_can_be_seen_on_the_shade_and_are_distinct() -> None:
    used = theme.CATEGORIES[:2]
    assert all(contrast(colour, theme.CHART["paper"]) >= 3 for colour in used)
    assert all(contrast(one, other) >= 3 for one, other in combinations(used, 2))


def test_every_colour_of_the_style_is_a_token() -> None:
    style = theme.css_properties()
    assert all(f"--{name}:" in style for name in theme.LIGHT)
