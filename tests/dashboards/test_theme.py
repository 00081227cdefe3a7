from __future__ import annotations

import re
from pathlib import Path

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


@pytest.mark.parametrize("ground", ["paper", "shade"])
@pytest.mark.parametrize("colour", theme.SERIES)
def test_marks_of_every_platform_can_be_seen_on_paper_and_on_shade(colour: str, ground: str) -> None:
    assert contrast(colour, theme.CHART[ground]) >= 3


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["page", "card", "brand"])
def test_what_has_the_focus_can_be_seen_on_every_ground(tokens: dict[str, str], ground: str) -> None:
    ring = max(contrast(tokens[token], tokens[ground]) for token in ("focus", "on-focus"))
    assert ring >= 3


def test_every_pair_of_text_and_ground_in_the_style_is_checked() -> None:
    style = (Path(theme.__file__).parent / "templates" / "site.css").read_text(encoding="utf-8")
    used = {
        (text, ground)
        for rule in re.findall(r"\{([^{}]*)\}", style)
        for text in re.findall(r"(?<![\w-])color:var\(--([\w-]+)\)", rule)
        for ground in re.findall(r"background:var\(--([\w-]+)\)", rule)
    }
    assert used
    assert used <= set(theme.TEXT_PAIRS)


def test_every_colour_of_the_style_is_a_token() -> None:
    style = theme.css_properties()
    assert all(f"--{name}:" in style for name in theme.LIGHT)
