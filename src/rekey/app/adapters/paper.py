"""Tables as PDF."""

import io
import unicodedata
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from rekey.ports.printer import Sheet

_LATIN = "Vera"
# What the first font lacks is left to fonts that every viewer brings: the Chinese one has Greek and Cyrillic too.
_WIDE, _KOREAN = "STSong-Light", "HYSMyeongJo-Medium"
_LONGEST_CELL = 200
_MARGIN, _PADDING = 10 * mm, 3
_SIZE = 6.5
# A column has room for this many letters of its longest word or cell, and the widest take what is left.
_LEAST_LETTERS, _MOST_LETTERS, _ROWS_MEASURED = 9, 40, 300


class PaperPrinter:
    """Prints tables on A4, across; the head stands on every page."""

    def print_sheet(self, sheet: Sheet) -> bytes:
        """Give a PDF."""
        _load_fonts()
        small = ParagraphStyle("cell", fontName=_LATIN, fontSize=_SIZE, leading=8, splitLongWords=True)
        large = ParagraphStyle("title", fontName=_LATIN, fontSize=14, leading=18)
        page = landscape(A4)
        cells = [[Paragraph(_marked(cell), small) for cell in row] for row in (sheet.columns, *sheet.rows)]
        table = LongTable(cells, colWidths=_widths(sheet, page[0] - 2 * _MARGIN), repeatRows=1)
        table.setStyle(
            TableStyle(
                [
                    ("LINEBELOW", (0, 0), (-1, -1), 0.25, "#999999"),
                    ("BACKGROUND", (0, 0), (-1, 0), "#eeeeee"),
                    ("LEFTPADDING", (0, 0), (-1, -1), _PADDING),
                    ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ]
            )
        )
        target = io.BytesIO()
        document = SimpleDocTemplate(
            target,
            pagesize=page,
            title=sheet.title,
            leftMargin=_MARGIN,
            rightMargin=_MARGIN,
            topMargin=12 * mm,
            bottomMargin=14 * mm,
            invariant=True,
        )
        head = [
            Paragraph(_marked(sheet.title), large),
            Paragraph(_marked(sheet.note), small),
            Spacer(1, 4 * mm),
        ]
        document.build([*head, table], onFirstPage=_number, onLaterPages=_number)
        return target.getvalue()


def _widths(sheet: Sheet, whole: float) -> list[float]:
    """Share the width by what the columns hold, so that a date has no more room than it needs."""
    measured = (sheet.columns, *sheet.rows[:_ROWS_MEASURED])
    letters = [
        min(max(_LEAST_LETTERS, *(len(row[index]) for row in measured)), _MOST_LETTERS)
        for index in range(len(sheet.columns))
    ]
    return [whole * count / sum(letters) for count in letters]


def _number(canvas: Canvas, document: SimpleDocTemplate) -> None:
    """Write the number of the page at its foot."""
    canvas.setFont(_LATIN, _SIZE)
    canvas.drawRightString(document.pagesize[0] - _MARGIN, 7 * mm, f"Page {canvas.getPageNumber()}")


def _load_fonts() -> None:
    known = pdfmetrics.getRegisteredFontNames()
    if _LATIN not in known:
        pdfmetrics.registerFont(TTFont(_LATIN, "Vera.ttf"))
    for name in (_WIDE, _KOREAN):
        if name not in known:
            pdfmetrics.registerFont(UnicodeCIDFont(name))


def _marked(text: str) -> str:
    """Write a text as the layout reads it, each run in a font that has its letters."""
    shown = text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}..."
    runs: list[tuple[str, str]] = []
    for letter in shown:
        font = _font_of(letter)
        if runs and runs[-1][0] == font:
            runs[-1] = (font, runs[-1][1] + letter)
        else:
            runs.append((font, letter))
    return "".join(_run(font, part) for font, part in runs)


def _run(font: str, part: str) -> str:
    written = escape(part)
    return written if font == _LATIN else f'<font name="{font}">{written}</font>'


def _font_of(letter: str) -> str:
    if ord(letter) < 0x250:
        return _LATIN
    return _KOREAN if "HANGUL" in unicodedata.name(letter, "") else _WIDE
