"""What lines with links say outside them, and links that head a row of figures."""

from crawler.parser.boxes import Line


def before_link(line: Line) -> str:
    """Return a line without the one link behind its colon."""
    label = line.text[: -line.links].rstrip() if line.anchors == 1 else ""
    return label if label.endswith(":") else line.text


def heads_figures(line: Line) -> bool:
    """Return whether a line is a cell of a row that has a figure in another one."""
    row = line.box.parent
    return (
        line.box.tag in ("td", "th")
        and row is not None
        and any(
            cell is not line.box
            and not cell.links
            and "".join(map(str, cell.node.itertext())).strip()[:1].isdigit()
            for cell in row.children
        )
    )
