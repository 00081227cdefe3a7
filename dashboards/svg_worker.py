"""The process that draws: one JSON request a line in, one JSON answer a line out.

Run as a file, so that it starts without the rest of rapup. Any error ends it, answered or not:
after one, vl-convert has been seen to return an earlier chart for a later request.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from typing import Any, Final

import vl_convert

VEGA_LITE: Final = "6.4"
_BUNDLE: Final = "window.vegaEmbed=vegaEmbed;"


def answer(request: dict[str, Any]) -> str:
    """The SVG of a chart, the PNG of an SVG (base64), or the Vega bundle."""
    if "svg" in request:
        return b64encode(vl_convert.svg_to_png(request["svg"], scale=request["scale"])).decode()
    if "chart" not in request:
        return str(vl_convert.javascript_bundle(_BUNDLE, vl_version=VEGA_LITE))
    drawn = vl_convert.vegalite_to_svg(
        request["chart"],
        vl_version=VEGA_LITE,
        allowed_base_urls=[],
        format_locale="en-GB",
        time_format_locale="en-GB",
    )
    return str(drawn)


def main() -> None:
    """Answer until the requests end."""
    for line in sys.stdin:
        try:
            reply = {"done": answer(json.loads(line))}
        except ValueError as error:
            reply = {"error": str(error)}
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()
        if "error" in reply:
            return


if __name__ == "__main__":
    main()
