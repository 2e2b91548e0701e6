"""The structure of a document for whoever hears it: headings, paragraphs, tables with their cells, figures in words.

reportlab makes no tagged PDF. So what is drawn is marked while it is drawn (a number on each page, its MCID), and the
tree of it is added to the finished file. Source: ISO 32000-2, 14.6 (marked content) and 14.7 (logical structure).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

ARTIFACT = "Artifact"
"""What only decorates a page: rules, heads and feet; nobody needs to hear it."""


@dataclass(slots=True)
class Element:
    """One node of the tree: what it is, its content (`page` and `number`) or its children; `alt` says what it shows."""

    kind: str
    alt: str = ""
    page: int = -1
    number: int = -1
    children: list["Element"] = field(default_factory=list)


class Tags:
    """The tree of one document, in the order in which it is drawn."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self._open = [self.root]
        self._counts: dict[int, int] = {}

    @contextmanager
    def group(self, kind: str) -> Iterator[None]:
        """Let what is marked meanwhile belong to one element of that kind."""
        group = Element(kind)
        self._open[-1].children.append(group)
        self._open.append(group)
        yield
        self._open.pop()

    def mark(self, kind: str, page: int, alt: str) -> str:
        """Return the operator that begins the content of a new element on that page, counted from 0."""
        number = self._counts.get(page, 0)
        self._counts[page] = number + 1
        self._open[-1].children.append(Element(kind, alt, page, number))
        return f"/{kind} <</MCID {number}>> BDC"


@contextmanager
def grouped(canvas: Any, kind: str) -> Iterator[None]:  # noqa: ANN401
    """Let what is drawn meanwhile belong to one element, where *canvas* keeps a tree."""
    tags: Tags | None = getattr(canvas, "tags", None)
    if tags is None:
        yield
        return
    with tags.group(kind):
        yield


@contextmanager
def tagged(canvas: Any, kind: str, alt: str = "") -> Iterator[None]:  # noqa: ANN401
    """Let what is drawn meanwhile be the content of one element, or decoration, where *canvas* keeps a tree."""
    tags: Tags | None = getattr(canvas, "tags", None)
    if tags is None:
        yield
        return
    is_artifact = kind == ARTIFACT
    canvas.addLiteral(f"/{kind} BMC" if is_artifact else tags.mark(kind, canvas.getPageNumber() - 1, alt))
    yield
    canvas.addLiteral("EMC")


def add_structure(document: Any, tags: Tags) -> None:  # noqa: ANN401
    """Add the tree of *tags* to *document*, a `pikepdf.Pdf` of the pages that were marked with it."""
    from pikepdf import Array, Dictionary, Name

    pages = [page.obj for page in document.pages]
    marked: list[list[Any]] = [[] for _ in pages]
    tree = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))

    def add(element: Element, parent: Any) -> Any:  # noqa: ANN401
        node = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{element.kind}"), P=parent))
        if element.alt:
            node.Alt = element.alt
        if element.page >= 0:
            node.Pg, node.K = pages[element.page], element.number
            marked[element.page].append(node)
        else:
            node.K = Array([add(child, node) for child in element.children])
        return node

    tree.K = add(tags.root, tree)
    numbers = Array()
    for index, (page, nodes) in enumerate(zip(pages, marked, strict=True)):
        page.StructParents = index
        page.Tabs = Name.S
        numbers.append(index)
        numbers.append(document.make_indirect(Array(nodes)))
    tree.ParentTree = Dictionary(Nums=numbers)
    tree.ParentTreeNextKey = len(pages)
    document.Root.StructTreeRoot = tree
    document.Root.MarkInfo = Dictionary(Marked=True)
