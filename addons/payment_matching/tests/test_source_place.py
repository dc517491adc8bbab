import os
import time
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.file_transport.lib import pickup
from odoo.addons.file_transport.lib.place import Place
from odoo.addons.file_transport.tests.common import PlacesCase

from .source_common import SourceCommon, camt, entry

LOG = "odoo.addons.automation_core.models.automation_retry_poll"


@tagged("post_install", "-at_install")
class TestSourcePlace(PlacesCase, SourceCommon):
    """Files in real folders and on real servers."""

    def setUp(self):
        super().setUp()
        self.root = self.new_folder()
        (self.root / "in").mkdir()

    def _put(self, name, content, age=60):
        path = self.root / "in" / name
        path.write_bytes(content)
        if age is not None:
            os.utime(path, (time.time() - age,) * 2)
        return path

    def _watch(self, place=None, **vals):
        return self._create_source(
            name="Watched folder",
            kind="place",
            live=True,
            place_id=(place or self.folder_place(self.root)).id,
            place_folder="in",
            **{"place_pattern": "*.xml", **vals},
        )

    def _fetch(self, source):
        """Run both crons as they are run in earnest, with their commits."""
        source.write({"next_poll": False, "next_try": False})
        with self.enter_registry_test_mode():
            self.env.ref("payment_matching.ir_cron_fetch_payments").method_direct_trigger()
            self.env.ref("payment_matching.ir_cron_read_payments").method_direct_trigger()
        source.invalidate_recordset()

    def _names(self, folder="in"):
        path = self.root / folder
        return sorted(file.name for file in path.iterdir() if file.is_file())

    def test_every_kind_of_place(self):
        for make in (self.sftp_place, self.ftps_place, self.ftp_place, self.folder_place):
            with self.subTest(make.__name__):
                number = len(self._lines())
                self.root = self.new_folder()
                (self.root / "in").mkdir()
                self._put("a.xml", camt(entry(100 + number, make.__name__)))
                source = self._watch(make(self.root))
                self._fetch(source)
                if make == self.ftp_place:  # a plain listing has no seconds: our clock decides
                    with patch.object(pickup, "QUIET", timedelta(0)):
                        self._fetch(source)
                self.assertEqual(len(self._lines()), number + 1)
                self.assertEqual(self._names(), [])
                self.assertEqual(self._names("in/done"), ["a.xml"])
                self.assertTrue(source.last_poll)
                source.live = False

    def test_only_named_files_and_only_finished_ones(self):
        self._put("a.xml", camt(entry(1)))
        self._put("b.txt", camt(entry(2)))
        self._put("c.xml.part", camt(entry(3)))
        self._put("young.xml", camt(entry(4))[:50], age=None)
        source = self._watch()
        self._fetch(source)
        self.assertEqual(self._lines().mapped("amount"), [1.0])
        self.assertEqual(self._names(), ["b.txt", "c.xml.part", "young.xml"])
        self._put("young.xml", camt(entry(4)))
        self._fetch(source)
        self.assertEqual(sorted(self._lines().mapped("amount")), [1.0, 4.0])
        self.assertFalse(source.failed_count)

    def test_deleted_afterwards(self):
        self._put("a.xml", camt(entry(1)))
        self._fetch(self._watch(place_after="delete"))
        self.assertEqual(self._names(), [])
        self.assertEqual(len(self._lines()), 1)

    def test_left_there_and_remembered(self):
        self._put("a.xml", camt(entry(1)))
        source = self._watch(place_after="leave")
        self._fetch(source)
        with patch.object(Place, "fetch", side_effect=AssertionError("fetched again")):
            self._fetch(source)
        self.assertFalse(source.last_error)
        self.assertEqual(self._names(), ["a.xml"])
        self.assertEqual(source.file_count, 1)
        self._put("a.xml", camt(entry(1), entry(2)), age=40)
        self._fetch(source)
        self.assertEqual(source.file_count, 2, "a new content is a new file")
        self.assertEqual(len(self._lines()), 2)

    def test_a_crash_between_storing_and_moving(self):
        """What is stored is safe; the move is made up for, and nothing comes twice."""
        self._put("a.xml", camt(entry(1)))
        source = self._watch()
        with (
            patch.object(Place, "move", side_effect=SystemError("power cut")),
            self.assertLogs(LOG, "WARNING"),
        ):
            self._fetch(source)
        self.assertEqual(len(self._lines()), 1)
        self.assertEqual(self._names(), ["a.xml"])
        self._fetch(source)
        self.assertEqual(len(self._lines()), 1)
        self.assertEqual(self._names("in/done"), ["a.xml"])
        self.assertEqual(source.file_count, 1)

    def test_a_crash_before_storing_leaves_the_file(self):
        self._put("a.xml", camt(entry(1)))
        source = self._watch()
        with (
            patch.object(type(source), "_poll_store", side_effect=SystemError("power cut")),
            self.assertLogs(LOG, "WARNING"),
        ):
            self._fetch(source)
        self.assertFalse(self._lines())
        self.assertEqual(self._names(), ["a.xml"])
        self._fetch(source)
        self.assertEqual(len(self._lines()), 1)

    def test_one_content_under_two_names(self):
        self._put("a.xml", camt(entry(1)))
        self._put("b.xml", camt(entry(1)))
        source = self._watch()
        self._fetch(source)
        self.assertEqual((source.file_count, len(self._lines())), (1, 1))
        self.assertEqual(self._names(), [])

    def test_a_huge_file_is_a_case_and_stops_no_other(self):
        self._put("a.xml", camt(entry(1)))
        with (self.root / "in" / "huge.xml").open("wb") as stream:
            stream.truncate(21 * 1024 * 1024)
        os.utime(self.root / "in" / "huge.xml", (time.time() - 90,) * 2)
        source = self._watch()
        self._fetch(source)
        self._fetch(source)
        self.assertEqual(len(self._lines()), 1)
        self.assertEqual((source.file_count, source.failed_count), (2, 1))
        self.assertIn("huge.xml", self._cases(source).explanation)
        self.assertEqual(self._names(), ["huge.xml"], "it stays")

    def test_a_server_that_is_away_is_one_case_in_words(self):
        place = self.folder_place(self.root)
        source = self._watch(place)
        place.folder = str(self.root / "gone")
        for _time in range(3):
            self._fetch(source)
        self.assertEqual(source.attempts, 3)
        self.assertEqual(source.status, "error")
        case = self._cases(source)
        self.assertEqual((case.code, case.explanation), ("payment:fetch", source.last_error))
        place.folder = str(self.root)
        self._fetch(source)
        self.assertEqual((source.attempts, source.last_error), (0, False))
        self.assertFalse(self._cases(source))

    def test_a_source_in_trouble_stops_no_other(self):
        self._put("a.xml", camt(entry(1)))
        bad = self._create_source(name="Nowhere", kind="place", live=True)
        source = self._watch()
        self._fetch(source)
        self.assertTrue(bad.last_error)
        self.assertEqual(len(self._lines()), 1)

    def test_nothing_is_fetched_while_it_is_off(self):
        self._put("a.xml", camt(entry(1)))
        source = self._watch()
        source.live = False
        self._fetch(source)
        self.assertFalse(source.file_count)
        self.assertEqual(source.action_fetch_now()["params"]["type"], "warning")

    def test_a_leased_source_is_left_alone(self):
        self._put("a.xml", camt(entry(1)))
        source = self._watch()
        source.lease_until = "2099-01-01"
        self._fetch(source)
        self.assertFalse(source.file_count)

    def test_the_connection_test_takes_nothing(self):
        self._put("a.xml", camt(entry(1)))
        source = self._watch()
        source.action_check()
        self.assertTrue(source.check_ok)
        self.assertIn("1", source.check_result)
        self.assertFalse(source.file_count)
        source.place_folder = "other"
        source.action_check()
        self.assertFalse(source.check_ok)

    def test_secrets_show_nowhere(self):
        place = self.sftp_place(self.root)
        source = self._watch(place)
        secret = place.password
        self.assertIn(secret, source._source_secrets())

        def leak(*_args):
            raise SystemError(f"login with {secret} failed")

        with patch.object(type(source), "_source_fetch", leak), self.assertLogs(LOG, "WARNING"):
            self._fetch(source)
        self.assertIn("login with", source.last_error)
        self.assertNotIn(secret, source.last_error)
