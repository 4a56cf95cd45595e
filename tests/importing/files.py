"""Small real files: Word packages and PDFs made by hand, no library needed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_WORD}.numbering+xml"/></Types>'
)
_RELS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(text: str, *, bold: bool = False) -> str:
    """A run of words."""
    return f"<w:r>{'<w:rPr><w:b/></w:rPr>' if bold else ''}<w:t xml:space='preserve'>{escape(text)}</w:t></w:r>"


def par(inside: str, style: str = "", level: int | None = None, numbered: int = 1) -> str:
    """A paragraph of runs; with a level, an entry of a list: numbering 1 has bullets, 2 has numbers."""
    listed = "" if level is None else f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{numbered}"/></w:numPr>'
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{listed}</w:pPr>{inside if inside.startswith('<') else run(inside)}</w:p>"


def table(*rows: Sequence[str]) -> str:
    """A table whose first row is bold."""
    made = ""
    for number, row in enumerate(rows):
        cells = "".join(f"<w:tc>{par(run(cell, bold=not number))}</w:tc>" for cell in row)
        made += f"<w:tr>{cells}</w:tr>"
    return f"<w:tbl>{made}</w:tbl>"


def deleted(text: str) -> str:
    """A tracked deletion."""
    return f'<w:del w:id="1" w:author="x"><w:r><w:delText xml:space="preserve">{escape(text)}</w:delText></w:r></w:del>'


def inserted(text: str) -> str:
    """A tracked insertion."""
    return f'<w:ins w:id="2" w:author="x">{run(text)}</w:ins>'


def linked(text: str) -> str:
    """A link to the one address the package knows."""
    return f'<w:hyperlink r:id="web">{run(text)}</w:hyperlink>'


def docx(*body: str, link: str = "https://shop.example/help", extra: dict[str, bytes] | None = None) -> bytes:
    """A Word package with this body."""
    levels = "".join(
        f'<w:abstractNum w:abstractNumId="{kind}">'
        + "".join(f'<w:lvl w:ilvl="{n}"><w:numFmt w:val="{form}"/></w:lvl>' for n in range(3))
        + "</w:abstractNum>"
        for kind, form in ((1, "bullet"), (2, "decimal"))
    )
    numbers = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2))
    names = {"Title": "Title", **{f"Heading{n}": f"heading {n}" for n in range(1, 5)}}
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:name w:val="{name}"/></w:style>'
        for one, name in names.items()
    )
    relations = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="n" Type="{_OFFICE}/numbering" Target="numbering.xml"/>'
        f'<Relationship Id="web" Type="{_OFFICE}/hyperlink" Target="{escape(link)}" TargetMode="External"/>'
        "</Relationships>"
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS,
        "word/document.xml": f'<w:document {_W} xmlns:r="{_OFFICE}"><w:body>{"".join(body)}</w:body></w:document>',
        "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {_W}>{levels}{numbers}</w:numbering>",
        "word/_rels/document.xml.rels": relations,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
        for name, data in (extra or {}).items():
            package.writestr(name, data)
    return made.getvalue()


Placed = tuple[float, float, float, bool, str]
"""Words on a page: left, bottom, size, bold, text."""


def pdf(*pages: Sequence[Placed], encrypt: str = "") -> bytes:
    """A PDF with words at places on A4 pages. `encrypt` is a line for the trailer that claims encryption."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    for name in ("Helvetica", "Helvetica-Bold"):
        font = f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
        objects.append(font.encode())
    kids = []
    for page in pages:
        drawn = b"BT\n"
        for left, bottom, size, bold, text in page:
            safe = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            drawn += f"/F{2 if bold else 1} {size} Tf 1 0 0 1 {left} {bottom} Tm (".encode() + safe + b") Tj\n"
        drawn += b"ET"
        objects.append(b"<< /Length %d >>\nstream\n" % len(drawn) + drawn + b"\nendstream")
        content = len(objects)
        fonts = "<< /F1 3 0 R /F2 4 0 R >>"
        made = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font {fonts} >>"
        objects.append(f"{made} /Contents {content} 0 R >>".encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    file = b"%PDF-1.4\n"
    offsets = []
    for number, one in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return file + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {encrypt} >>\nstartxref\n{start}\n%%EOF\n".encode()


def typeset(lines: Sequence[tuple[str, float, bool]], *, header: str = "", footer: str = "") -> bytes:
    """A PDF of lines from top to bottom, each with its size and weight; "" is a gap. `footer` may hold {page}."""
    pages: list[list[Placed]] = []
    bottom = 0.0
    for text, size, bold in lines:
        if bottom < 110:
            number = len(pages) + 1
            edge: list[Placed] = [(72, 805, 9, False, header)] if header else []
            if footer:
                edge.append((280, 40, 9, False, footer.format(page=number)))
            pages.append(edge)
            bottom = 740
        if text:
            pages[-1].append((72, bottom, size, bold, text))
        bottom -= (size * 1.2) if text else 8
    return pdf(*pages)
