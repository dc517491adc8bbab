"""What all tests outside the add-ons share."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Documents and samples beside the checkout; tests that read them are skipped elsewhere.
SHARED = Path(os.environ.get("SHARED_DIR") or ROOT.parent / "shared")

sys.path.insert(0, str(ROOT / "scripts"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of documents and samples beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("not here: the vendors' documents beside the checkout")
    return SHARED
