"""Paper sizes, and HTML on its way to the browser."""

import base64

import pytest
from report_pdf_chromium.lib import markup
from report_pdf_chromium.lib.errors import NotFound
from report_pdf_chromium.lib.paper import Paper
from report_pdf_chromium.lib.programs import find

PAGE = '<html><head><title>T</title></head><body class="o_body overflow-hidden" dir="ltr">{}</body>'


def test_din_5008_paper_is_true_to_size() -> None:
    paper = Paper(top=45, bottom=40, left=20, right=10, header_spacing=45, dpi=70)
    assert paper.scale == 1
    assert paper.header_top == 0
    settings = paper.print_settings(with_margins=True)
    assert round(settings["marginTop"] * 25.4) == 45
    assert paper.print_settings(with_margins=False)["marginTop"] == 0


@pytest.mark.parametrize(("dpi", "scale"), [(90, 70 / 90), (0, 1), (1000, 0.3), (10, 2)])
def test_scale_follows_the_resolution_within_limits(dpi: float, scale: float) -> None:
    assert Paper(dpi=dpi).scale == scale


def test_labels_are_true_to_size() -> None:
    assert Paper(dpi=96, may_shrink=False).scale == 1


def test_lengths_on_paper_are_undone_by_the_scale() -> None:
    assert Paper(dpi=35).css_mm(10) == "5.0000mm"


def test_split_takes_a_page_apart() -> None:
    part = markup.split(PAGE.format("<p>Grüße</p>"))
    assert part.head == "<title>T</title>"
    assert part.attributes == {"class": "o_body overflow-hidden", "dir": "ltr"}
    assert part.body == "<p>Grüße</p>"


def test_split_of_a_fragment_is_a_body() -> None:
    assert markup.split("<p>x</p>") == markup.Part("", {}, "<p>x</p>")


def test_large_pictures_go_to_the_browser_once() -> None:
    address = "data:image/png;base64," + base64.b64encode(b"x" * 3000).decode()
    pictures = markup.Pictures()
    html = pictures.take_out(f'<img src="{address}"><img src="{address}">')
    assert "base64" not in html
    assert [kept.content for kept in pictures.kept.values()] == [b"x" * 3000]


def test_header_numbers_are_filled_in_per_page() -> None:
    html = PAGE.format(
        '<div id="heads"><div>A <span class="page"/> of <span class="topage"><b>x</b></span></div>'
        "<div>B</div></div>"
    )
    frame = markup.frame(html, "heads", 2, "secret")
    assert "A <span" in frame.text(0, 2, 3)
    assert ">2</span> of <span" in frame.text(0, 2, 3)
    assert ">3</span>" in frame.text(0, 2, 3)
    assert frame.text(1, 1, 1) == "<div>B</div>"
    assert frame.text(2, 1, 1) == ""


def test_header_without_node_serves_all_documents() -> None:
    frame = markup.frame(PAGE.format("<p>Head</p>"), "heads", 3, "secret")
    assert len(frame.texts) == 3
    assert "Head" in frame.text(2, 1, 1)


def test_documents_with_different_heads_are_printed_apart() -> None:
    parts = [markup.Part(head, {}, "") for head in ("a", "a", "b", "a")]
    assert [len(group) for group in markup.same_heads(parts)] == [2, 1, 1]


def test_clipping_class_of_the_body_does_not_reach_documents() -> None:
    page = markup.documents_page([markup.split(PAGE.format("x"))], "secret")
    assert 'class="pdf-document o_body"' in page


def test_program_is_found_in_order(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bin")
    for name in ("chromium", "google-chrome", "other"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    path = {"PATH": str(folder)}
    assert find("", path) == str(folder / "chromium")
    assert find(str(folder / "google-chrome"), path) == str(folder / "google-chrome")
    assert find("", {**path, "CHROMIUM": str(folder / "other")}) == str(folder / "other")


def test_an_administrator_cannot_make_the_server_run_any_program() -> None:
    with pytest.raises(NotFound, match="does not bear the name"):
        find("/bin/sh")


def test_missing_program_is_said() -> None:
    with pytest.raises(NotFound):
        find("", {"PATH": "/nowhere"})
    with pytest.raises(NotFound):
        find("/nowhere/chromium")
