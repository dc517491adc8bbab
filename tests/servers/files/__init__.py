"""Servers that hold files, for tests: real ones where they are installed, others in Python.

OpenSSH and vsftpd behave as servers in the world do; the Python ones log in by password without a
system user, run without root and can be told to fail.
"""

from .certificate import Certificate, certificate
from .ftpd import FtpServer, Vsftpd
from .sftpd import SftpServer, Sshd

__all__ = ["Certificate", "FtpServer", "SftpServer", "Sshd", "Vsftpd", "certificate"]
