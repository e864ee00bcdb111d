"""Plain text for ears, grep and paste: one item a line, its kind first, no decoration."""

from dmadvisor.page import Document, Item
from dmadvisor.render.layout import hang, refs_text


def render(document: Document, width: int) -> str:
    """The document as plain lines; a line that is too long goes on indented by two spaces."""
    lines: list[str] = []
    for section in document.sections:
        if section.kind:
            lines += hang(f"{section.kind}: {section.heading}", width, rest="  ")
        for item in section.items:
            lines += _item(item, width)
    return "\n".join(lines) + "\n"


def _item(item: Item, width: int) -> list[str]:
    if item.kind == "SOURCE":
        return hang(f"SOURCE {item.refs[0]}: {item.text}", width, rest="  ")
    status = f" - {item.status}" if item.status else ""
    lines = hang(f"{item.kind}: {item.text}{status}{refs_text(item.refs)}", width, rest="  ")
    for detail in item.details:
        label = detail.label.upper() if detail.label else item.kind
        lines += hang(f"{label}: {detail.text}{refs_text(detail.refs)}", width, rest="  ")
    return lines
