#!/usr/bin/env python3
"""Take pictures of the demo's main screens.

  scripts/dev run python scripts/pictures.py URL OUTDIR [SCENE ...]

URL is Odoo's address as `make demo` prints it; without scenes all are taken. What the pages
complain about (errors in the browser's console) is printed; it makes the program fail.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from demolib.wire import Odoo
from picturelib.browser import Browser
from picturelib.scenes import SCENES, Places


def log_in(url: str, login: str) -> Browser:
    """Return a browser in which somebody is logged in; a client that hangs is tried anew."""
    for _attempt in range(5):
        browser = Browser()
        if not login:
            return browser
        browser.go(f"{url}/web/login")
        password = "admin" if login == "admin" else "demo"
        browser.run(
            f"document.querySelector('input[name=login]').value = '{login}';"
            f"document.querySelector('input[name=password]').value = '{password}';"
            "document.querySelector('.oe_login_form button[type=submit]').click()"
        )
        if browser.wait("document.querySelector('.o_main_navbar')", 25):
            return browser
        browser.close()
    raise SystemExit("Odoo's web client does not come up.")


def main(url: str, folder: Path, chosen: list[str]) -> int:
    """Take the pictures; return how many pages complained."""
    folder.mkdir(parents=True, exist_ok=True)
    database = os.environ.get("DEMO_DATABASE", "demo")
    places = Places(Odoo(url, database, "admin", "admin"), url)
    browser, who, bad = None, "", 0
    try:
        for scene in SCENES:
            if chosen and not any(scene.name.startswith(word) for word in chosen):
                continue
            if not browser or scene.login != who:
                if browser:
                    browser.close()
                who, browser = scene.login, log_in(url, scene.login)
            browser.complaints.clear()
            address = scene.address(places)
            if not address:
                print(f"{scene.name}: there is nothing to show")
                continue
            browser.go(address)
            browser.wait(scene.ready, 30)
            for script in scene.then:
                browser.run(script)
                time.sleep(1.2)
            time.sleep(scene.pause)
            browser.picture(folder / f"{scene.name}.png", scene.height)
            print(f"{scene.name}: {address}")
            for complaint in browser.complaints:
                print(f"    {complaint[:600]}")
            bad += bool(browser.complaints)
    finally:
        if browser:
            browser.close()
    return bad


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), sys.argv[3:])))
