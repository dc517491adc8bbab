#!/usr/bin/env python3
"""Take pictures of the demo's main screens.

  scripts/dev run python scripts/pictures.py URL OUTDIR [SCENE ...]

URL is Odoo's address as `make demo` prints it; without scenes all are taken. What the pages
complain about (errors in the browser's console) is printed; it makes the program fail.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from demolib.wire import Odoo
from picturelib.browser import Browser
from picturelib.scenes import SCENES, Places


def log_in(browser: Browser, url: str, login: str, password: str) -> None:
    """Become somebody."""
    browser.go(f"{url}/web/session/logout")
    browser.go(f"{url}/web/login")
    browser.run(
        f"document.querySelector('input[name=login]').value = '{login}';"
        f"document.querySelector('input[name=password]').value = '{password}';"
        "document.querySelector('.oe_login_form').submit()"
    )
    browser.wait("document.querySelector('.o_main_navbar')")


def main(url: str, folder: Path, chosen: list[str]) -> int:
    """Take the pictures; return how many pages complained."""
    folder.mkdir(parents=True, exist_ok=True)
    places = Places(Odoo(url, "demo", "admin", "admin"), url)
    browser, who, bad = Browser(), "", 0
    try:
        for scene in SCENES:
            if chosen and not any(scene.name.startswith(word) for word in chosen):
                continue
            if scene.login not in (who, ""):
                who = scene.login
                log_in(browser, url, who, "admin" if who == "admin" else "demo")
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
        browser.close()
    return bad


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), sys.argv[3:])))
