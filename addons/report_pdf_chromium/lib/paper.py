"""Paper: sizes and margins in millimetres, and what the browser is told about them."""

from dataclasses import dataclass
from typing import Any

MM_PER_INCH = 25.4
PIXELS_PER_MM = 96 / MM_PER_INCH
# Reports are designed for wkhtmltopdf, which draws a CSS pixel smaller the higher the resolution is
# set. At 70 dpi a CSS millimetre is a millimetre on paper, as core's DIN 5008 layout needs it.
# Where shrinking is disabled (core's labels) it is one at 96 dpi.
TRUE_SIZE_DPI = {True: 70.0, False: 96.0}
SMALLEST_SCALE, GREATEST_SCALE = 0.3, 2.0


@dataclass(frozen=True)
class Paper:
    """A sheet as it lies before the reader, with its margins."""

    width: float = 210.0
    height: float = 297.0
    top: float = 40.0
    bottom: float = 28.0
    left: float = 7.0
    right: float = 7.0
    header_spacing: float = 35.0  # distance from the header's upper edge to the text below it
    header_line: bool = False
    dpi: float = 90.0
    may_shrink: bool = True  # what is wider than the paper is made smaller

    @property
    def scale(self) -> float:
        """Size of a CSS pixel on paper; 1 is 1/96 inch."""
        wanted = TRUE_SIZE_DPI[self.may_shrink] / self.dpi if self.dpi > 0 else 1.0
        return min(max(wanted, SMALLEST_SCALE), GREATEST_SCALE)

    @property
    def header_top(self) -> float:
        """Where the header begins, from the upper edge of the sheet."""
        return max(self.top - self.header_spacing, 0.0)

    def css_mm(self, length: float) -> str:
        """A length on paper, as CSS has to say it under this scale."""
        return f"{length / self.scale:.4f}mm"

    def print_settings(self, *, with_margins: bool) -> dict[str, Any]:
        """Parameters of the browser's print command."""
        inches = {
            "paperWidth": self.width,
            "paperHeight": self.height,
            "marginTop": self.top if with_margins else 0.0,
            "marginBottom": self.bottom if with_margins else 0.0,
            "marginLeft": self.left if with_margins else 0.0,
            "marginRight": self.right if with_margins else 0.0,
        }
        return {
            **{name: length / MM_PER_INCH for name, length in inches.items()},
            "scale": self.scale,
            "printBackground": True,
            "generateTaggedPDF": False,
            "preferCSSPageSize": False,
        }
