from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from models.overlay import NO_OVERLAY, BadLexicon, Overlay, Term, read_overlay

HEADER = "term,valence,note\n"


def read(folder: Path, content: str | bytes) -> Overlay:
    path = folder / "rap-up.lexicon.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_overlay(path)


def refusal(folder: Path, content: str | bytes) -> list[str]:
    with pytest.raises(BadLexicon) as caught:
        read(folder, content)
    return str(caught.value).replace(str(folder), "…").splitlines()


def test_without_a_file_there_are_no_terms(tmp_path: Path) -> None:
    assert read_overlay(tmp_path / "x.lexicon.csv") == NO_OVERLAY == Overlay()


def test_a_valence_is_kept_and_none_takes_the_term_out(tmp_path: Path) -> None:
    overlay = read(tmp_path, HEADER + "slay,2.5,praise\nDepression,,our topic\n\nnobody cares,-2\n💀,+1\n")
    assert overlay.terms == (
        Term(("depression",), None),
        Term(("nobody", "cares"), -2.0),
        Term(("slay",), 2.5),
        Term(("💀",), 1.0),
    )


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("Slaaaay", ("slaay",)),
        ("can’t even", ("can't", "even")),
        ("“peng”!", ("peng",)),
        ("❤️", ("❤",)),
        ("👍🏽", ("👍",)),
        ("❤️‍🔥", ("❤", "🔥")),
        ("💔", ("</3",)),
        (":-)", (":-)",)),
    ],
)
def test_a_term_is_spelt_as_a_normalised_text_has_it(
    tmp_path: Path, cell: str, words: tuple[str, ...]
) -> None:
    assert read(tmp_path, f"{HEADER}{cell},1\n").terms == (Term(words, 1.0),)


@pytest.mark.parametrize(
    ("cell", "valence"),
    [("2", 2.0), ("-4", -4.0), ("+0.5", 0.5), ('"1,5"', 1.5), ("\u22122", -2.0), ("\u20132", -2.0)],
)
def test_a_valence_may_be_written_as_people_write_numbers(tmp_path: Path, cell: str, valence: float) -> None:
    assert read(tmp_path, f"{HEADER}slay,{cell}\n").terms == (Term(("slay",), valence),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_excel_writes_anywhere_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["NOTE", "Who", " Valence ", "Term"], ["santé", "me", "-1.5", " Cliché "]]
    content = "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)
    assert read(tmp_path, content).terms == (Term(("cliché",), -1.5),)


def test_a_workbook_is_read_as_the_csv_of_that_name_would_be(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Term", "Valence"], ["💀", 2], ["depression", None], ["peng", 1.5]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "x.lexicon.xlsx")
    overlay = read_overlay(tmp_path / "x.lexicon.csv")
    assert dict(overlay.changes) == {"emoji1f480": 2.0, "depression": None, "peng": 1.5}


def test_the_digest_is_of_what_the_file_says_and_not_of_its_bytes(tmp_path: Path) -> None:
    one = read(tmp_path, HEADER + "slay,2,praise\ndepression,,\n")
    other = read(tmp_path, b"note;valence;term\r\n;;Depression\r\nother;2.0;SLAY\r\n;2;slay\r\n")
    assert one == other
    assert one.digest == other.digest
    assert len(one.digest) == 64


@pytest.mark.parametrize(
    "content", ["slay,2.1\ndepression,\n", "slay,2\n", "slay,2\ndepression,-1\n", "slay,2\ngrief,\n"]
)
def test_the_digest_is_another_when_anything_else_is_said(tmp_path: Path, content: str) -> None:
    one = read(tmp_path, HEADER + "slay,2\ndepression,\n")
    assert one.digest != read(tmp_path, HEADER + content).digest


def test_everything_wrong_is_told_with_its_row_and_cure(tmp_path: Path) -> None:
    content = (
        HEADER
        + "slay,nice\npeng,5\n,2\n??,1\n#NAME?,1\n[name],1\n"
        + "fire,0\nfire,2\nFire,-2\nfire,2\nlit,nan\nlit,1e0\n"
    )
    where = "…/rap-up.lexicon.csv, row"
    assert refusal(tmp_path, content) == [
        f"{where} 2: valence 'nice' is no number from -4 to 4; correct it, or leave it empty",
        f"{where} 3: valence '5' is no number from -4 to 4; correct it, or leave it empty",
        f"{where} 4: no term; write the word or emoji, or delete the row",
        f"{where} 5: question marks for a term: Excel loses emoji in csv; save it as csv (utf-8)",
        f"{where} 6: Excel took the term for a formula; write it with an apostrophe in front",
        f"{where} 7: term '[name]' is nothing that is scored; write a word or an emoji, or delete the row",
        f"{where} 8: valence 0 still weighs in capitals; leave it empty to take the term out",
        f"{where} 10: 'fire' has another valence in row 9; keep one of the two rows",
        f"{where} 12: valence 'nan' is no number from -4 to 4; correct it, or leave it empty",
        f"{where} 13: valence '1e0' is no number from -4 to 4; correct it, or leave it empty",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "row 1: no columns term and valence; name them so in the first row"),
        (b"word,score\n", "row 1: no columns term and valence"),
        (b"PK\x03\x04rest", "an excel workbook named csv; name it rap-up.lexicon.xlsx"),
        (b"term,valence\n\x81,\n", "neither utf-8 nor windows-1252"),
        (b'term,valence\n"slay,2\n', "row 2: quotes that do not close"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    (line,) = refusal(tmp_path, content)
    assert told in line


def test_a_csv_and_a_workbook_at_once_are_refused(tmp_path: Path) -> None:
    (tmp_path / "rap-up.lexicon.xlsx").touch()
    (line,) = refusal(tmp_path, HEADER)
    assert line == "…/rap-up.lexicon.csv: rap-up.lexicon.xlsx is there too; keep one and move the other away"


def test_terms_of_several_words_or_emoji_become_one_word_each(tmp_path: Path) -> None:
    overlay = read(tmp_path, HEADER + "nobody cares,-2\nnobody cares now,-1\ncares,1\n❤️‍🔥,3\n🔥,1\n")
    marked = overlay.marked("Nobody cares, NOBODY CARES! nobody careswell anobody cares ❤ 🔥 and 🔥 ❤ cares")
    assert marked == (
        "Nobody_cares, NOBODY_CARES! nobody careswell anobody cares emoji2764_emoji1f525"
        " and emoji1f525 ❤ cares"
    )
    assert overlay.marked("nobody cares now") == "nobody_cares_now"
    assert set(overlay.changes) == {
        "nobody_cares",
        "nobody_cares_now",
        "cares",
        "emoji2764_emoji1f525",
        "emoji1f525",
    }


def test_a_text_without_such_terms_stays_as_it_is() -> None:
    assert Overlay((Term(("peng",), 1.0),)).marked("peng 🔥") == "peng 🔥"
