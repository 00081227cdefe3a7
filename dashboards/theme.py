"""Colours and type, once: CSS custom properties and the charts' configuration are made from these."""

from __future__ import annotations

from typing import Any, Final

FONT: Final = "Arial, 'Liberation Sans', Helvetica, sans-serif"

LIGHT: Final = {
    "ink": "#212b32",
    "muted": "#4c6272",
    "line": "#d8dde0",
    "edge": "#768692",
    "page": "#f0f4f5",
    "card": "#ffffff",
    "link": "#005eb8",
    "brand": "#003087",
    "on-brand": "#ffffff",
    "notice": "#fff4cf",
    "focus": "#ffeb3b",
    "on-focus": "#212b32",
}
DARK: Final = {
    **LIGHT,
    "ink": "#f0f4f5",
    "muted": "#c2ccd3",
    "line": "#425563",
    "edge": "#8a99a5",
    "page": "#141c22",
    "card": "#212b32",
    "link": "#8cc4ff",
    "brand": "#0a1f4a",
    "notice": "#4a3c08",
}
CHART: Final = {
    "paper": "#ffffff",
    "shade": "#f0f4f5",
    "value": "#005eb8",
    "common": "#768692",
    "good": "#005eb8",
    "bad": "#c65a00",
    "mean": "#212b32",
    "limit": "#4c6272",
    "target": "#d5281b",
    "period": "#768692",
    "event": "#4c6272",
    "on-event": "#ffffff",
    "label": "#212b32",
    "axis": "#4c6272",
    "grid": "#e4e8ea",
}
SERIES: Final = ("#12436D", "#801650", "#3D3D3D", "#005EB8")
"""Marks of several platforms: of the Government Analysis Function's colours those that can be seen on the
shade of an action period, and the brand's blue."""

TEXT_PAIRS: Final = (
    ("ink", "page"),
    ("ink", "card"),
    ("ink", "notice"),
    ("muted", "page"),
    ("muted", "card"),
    ("link", "page"),
    ("link", "card"),
    ("on-brand", "brand"),
    ("on-focus", "focus"),
    ("card", "link"),
    ("card", "muted"),
)
"""Text on its background: at least 4.5 to 1, in the light and in the dark."""
SHAPE_PAIRS: Final = (("edge", "page"), ("edge", "card"))
"""Borders of controls: at least 3 to 1."""
CHART_TEXT_PAIRS: Final = (
    ("label", "paper"),
    ("label", "shade"),
    ("axis", "paper"),
    ("on-event", "event"),
)
CHART_SHAPE_PAIRS: Final = (
    ("value", "paper"),
    ("value", "shade"),
    *(
        (mark, ground)
        for mark in ("common", "good", "bad", "mean", "limit", "target")
        for ground in ("paper", "shade")
    ),
    ("period", "paper"),
    ("period", "shade"),
    ("event", "shade"),
)


def css_properties() -> str:
    """The tokens as custom properties. In the dark, charts keep their light paper (class `paper`)."""
    return (
        f":root{{color-scheme:light dark;--font:{FONT};{_properties(LIGHT)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{_properties(DARK)}}}"
        f".paper{{{_properties(LIGHT)}}}}}\n"
    )


def _properties(tokens: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in tokens.items())


def vega_config() -> dict[str, Any]:
    """The look of every chart: horizontal text, quiet grid, no frame."""
    text = {"labelFont": FONT, "labelFontSize": 15, "labelColor": CHART["axis"]}
    return {
        "background": CHART["paper"],
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": {
            **text,
            "domainColor": CHART["period"],
            "gridColor": CHART["grid"],
            "tickColor": CHART["period"],
            "labelAngle": 0,
            "labelPadding": 6,
            "title": None,
        },
        "axisY": {"domain": False, "ticks": False},
        "axisX": {"grid": False},
        "text": {"font": FONT, "fontSize": 15, "color": CHART["label"]},
        "aria": False,
    }
