"""Slides as a PowerPoint file: native titles and text, charts as pictures with their words."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from pptx import Presentation, presentation
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.slide import Slide as PowerPointSlide
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from dashboards.blocks import Figure
from dashboards.deck import Line, Slide

_WIDTH, _HEIGHT, _MARGIN = 13.333, 7.5, 0.6  # inches: 16 to 9
_INSIDE: Final = _WIDTH - 2 * _MARGIN
_TITLE_TOP, _TEXT_TOP, _PICTURE_TOP = 0.4, 1.65, 2.3
_TITLE_PT, _SMALL_PT = 28, 14
_SIZES: Final = ((18, 1300), (16, 1700), (_SMALL_PT, 2300))  # pt, and the characters that it has room for
_SMALLEST_PT: Final = 12
_PARAGRAPH: Final = 60  # characters' room that the end of a paragraph leaves empty
_TITLE_LENGTH: Final = 255  # of a file's property
_FONT: Final = "Arial"
_ZIP_DAY: Final = (1980, 1, 1, 0, 0, 0)  # ZIP's first day: the same slides are the same bytes


def written(
    slides: Sequence[Slide], as_of: datetime | None, picture_of: Callable[[Figure], bytes | None]
) -> bytes:
    """The slides as a file; the same slides are the same bytes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    for slide in slides:
        _add(deck, slide, picture_of(slide.figure) if slide.figure else None)
    _sign(deck, slides[0].title, as_of)
    file = io.BytesIO()
    deck.save(file)
    return _timeless(file.getvalue())


def _add(deck: presentation.Presentation, slide: Slide, picture: bytes | None) -> None:
    added = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Only"))
    title = added.shapes.title
    title.left, title.top, title.width, title.height = map(Inches, (_MARGIN, _TITLE_TOP, _INSIDE, 1.2))
    _write(title.text_frame, [(slide.title, True)], _TITLE_PT)
    height = _PICTURE_TOP - _TEXT_TOP if picture else _HEIGHT - _TEXT_TOP - _TITLE_TOP
    box = added.shapes.add_textbox(*map(Inches, (_MARGIN, _TEXT_TOP, _INSIDE, height)))
    _write(box.text_frame, slide.lines, _SMALL_PT if picture else _size(slide.lines))
    if picture and slide.figure:
        _add_picture(added, picture, slide.figure)
    added.notes_slide.notes_text_frame.text = _legal(slide.notes)


def _size(lines: Sequence[Line]) -> int:
    """In points: smaller where there is much to say."""
    length = sum(len(text) + _PARAGRAPH for text, _ in lines)
    return next((size for size, most in _SIZES if length < most), _SMALLEST_PT)


def _add_picture(slide: PowerPointSlide, picture: bytes, figure: Figure) -> None:
    """As large as fits, with the words of the chart for those who cannot see it."""
    width, height = Inches(_INSIDE), Inches(_HEIGHT - _PICTURE_TOP - _TITLE_TOP)
    added = slide.shapes.add_picture(io.BytesIO(picture), Emu(0), Inches(_PICTURE_TOP))
    scale = min(width / added.width, height / added.height)
    added.width, added.height = Emu(int(added.width * scale)), Emu(int(added.height * scale))
    added.left = Emu((Inches(_WIDTH) - added.width) // 2)
    # python-pptx has no name of its own for alternative text.
    added._element.xpath("./p:nvPicPr/p:cNvPr")[0].set("descr", _legal(figure.words))


def _write(frame: TextFrame, lines: Sequence[Line], size: int) -> None:
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.text = "\n".join(_legal(text).replace("\n", " ") for text, _ in lines)
    for number, (paragraph, (_, is_bold)) in enumerate(zip(frame.paragraphs, lines, strict=True)):
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_before = Pt(size * 0.7 if is_bold and number else size * 0.2)
        paragraph.font.name, paragraph.font.size, paragraph.font.bold = _FONT, Pt(size), is_bold


def _legal(text: str) -> str:
    """Without the characters that XML cannot hold, and those that only steer how text is shown."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t\u200d")


def _sign(deck: presentation.Presentation, title: str, as_of: datetime | None) -> None:
    properties = deck.core_properties
    properties.title, properties.author = _legal(title)[:_TITLE_LENGTH], "rapup"
    properties.last_modified_by = properties.author
    properties.created = properties.modified = as_of or datetime(*_ZIP_DAY)


def _timeless(content: bytes) -> bytes:
    """The same ZIP without the moment at which it was made."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _ZIP_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return made.getvalue()
