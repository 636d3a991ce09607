"""A letter as a Word document: the only place that knows python-docx."""

from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from texts.letters import Paper, Table

_FONT, _EAST = "Times New Roman", "SimSun"
"""Fonts that every Word has; another program takes its own for characters that they lack."""
_WRITTEN = datetime(2000, 1, 1)  # noqa: DTZ001  (the format knows no zone)
"""The same letter is the same file, whenever it is made."""


def word_file(paper: Paper) -> bytes:
    """The document's bytes."""
    document: Any = Document()
    _page(document, paper.lang)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(paper.title)
    run.bold, run.font.size = True, Pt(18)
    document.add_paragraph(paper.reference).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph().add_run(paper.addressee).bold = True
    for line in paper.before:
        document.add_paragraph(line)
    if paper.table is not None:
        _table(document, paper.table)
        document.add_paragraph()
    for line in paper.after:
        document.add_paragraph(line)
    document.add_paragraph()
    for line in paper.signature:
        document.add_paragraph(line)
    if paper.slip:
        _slip(document, paper)
    return _bytes(document, paper)


def _page(document: Any, lang: str) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _EAST)
    language = style.element.rPr.makeelement(qn("w:lang"), {qn("w:val"): "en-GB", qn("w:eastAsia"): lang})
    style.element.rPr.append(language)


def _table(document: Any, table: Table) -> None:
    drawn = document.add_table(rows=1, cols=len(table.head), style="Table Grid")
    for place, text in enumerate(table.head):
        _cell(drawn.rows[0].cells[place], text, bold=True, right=place >= table.numbers)
    for row in table.rows:
        cells = drawn.add_row().cells
        for place, text in enumerate(row):
            _cell(cells[place], text, bold=False, right=place >= table.numbers)


def _cell(cell: Any, text: str, *, bold: bool, right: bool) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(9)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _slip(document: Any, paper: Paper) -> None:
    """Below a line to cut along."""
    document.add_paragraph("- " * 40)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.add_run(paper.slip_title).bold = True
    for line in paper.slip:
        document.add_paragraph(line)


def _bytes(document: Any, paper: Paper) -> bytes:
    about = document.core_properties
    about.title, about.author, about.comments = paper.title, "", ""
    about.created = about.modified = _WRITTEN
    about.last_modified_by, about.revision = "", 1
    written = BytesIO()
    document.save(written)
    return _dated(written)


def _dated(written: BytesIO) -> bytes:
    """The archive's parts carry the time they were written: the same for all."""
    made = BytesIO()
    with ZipFile(written) as archive, ZipFile(made, "w", ZIP_DEFLATED) as again:
        for part in archive.infolist():
            again.writestr(ZipInfo(part.filename, _WRITTEN.timetuple()[:6]), archive.read(part), ZIP_DEFLATED)
    return made.getvalue()
