"""The standard's files."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="session")
def opentrans() -> Path:
    """The standard's schema and samples."""
    shared = Path(os.environ.get("SHARED_DIR") or ROOT.parent / "shared")
    folder = shared / "specs" / "dispatch" / "opentrans-2.1"
    if not folder.is_dir():
        pytest.skip("not here: the documents' files")
    return folder
