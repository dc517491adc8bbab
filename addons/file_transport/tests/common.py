"""Real servers for tests; they belong to the repository, not to the add-on."""

import configparser
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.tools import config

from odoo.addons.automation_core.tests.common import servers


def file_servers():
    """Return the module that starts servers."""
    return servers("files")


class PlacesCase:
    """Mixed into a test class: folders on the disk, servers that show them, places for them."""

    def new_folder(self) -> Path:
        """Return a folder that is gone after the test."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Path(folder.name)

    def _start(self, server):
        server.start()
        self.addCleanup(server.stop)
        return server

    def _new_place(self, **vals):
        return self.env["file.transport"].create({"name": "Place", **vals})

    def sftp_place(self, root: Path):
        """Return a place on an SFTP server whose key is trusted."""
        server = self._start(file_servers().SftpServer(root))
        return self._new_place(
            kind="sftp",
            host="127.0.0.1",
            port=server.port,
            user=server.user,
            password=server.password,
            host_key=server.host_key,
        )

    def ftps_place(self, root: Path):
        """Return a place on an FTP server that encrypts."""
        servers = file_servers()
        cert = servers.certificate(self.new_folder())
        server = self._start(servers.FtpServer(root, cert, "explicit"))
        return self._new_place(
            kind="ftps",
            host="127.0.0.1",
            port=server.port,
            user=server.user,
            password=server.password,
            authority=cert.pem,
        )

    def ftp_place(self, root: Path):
        """Return a place on an FTP server that does not."""
        server = self._start(file_servers().FtpServer(root, plain_listing=True))
        return self._new_place(
            kind="ftp",
            host="127.0.0.1",
            port=server.port,
            user=server.user,
            password=server.password,
        )

    def folder_place(self, root: Path):
        """Return a place in a folder that the configuration file allows."""
        settings = self.new_folder() / "odoo.conf"
        parser = configparser.RawConfigParser()
        parser["file_transport"] = {"folders": f"/srv/never, {root}"}
        with settings.open("w") as stream:
            parser.write(stream)
        patcher = patch.dict(config._runtime_options, {"config": str(settings)})
        patcher.start()
        self.addCleanup(patcher.stop)
        return self._new_place(kind="folder", folder=str(root))
