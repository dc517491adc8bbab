"""What a mail server's words mean."""

import pytest
from order_automation.lib.delivery import ADDRESS, REFUSED, SERVER, TEMPORARY, classify, first_line


@pytest.mark.parametrize(
    ("reason", "failure_type", "meaning"),
    [
        ("SMTPRecipientsRefused: {'a@b.de': (550, b'5.1.1 User unknown')}", "unknown", ADDRESS),
        ("SMTPRecipientsRefused: {'a@b.de': (553, b'no such mailbox')}", "unknown", ADDRESS),
        ("SMTPDataError: (554, b'5.7.1 Message rejected as spam')", "unknown", REFUSED),
        ("SMTPRecipientsRefused: {'a@b.de': (550, b'5.7.1 Relaying denied')}", "unknown", REFUSED),
        ("SMTPDataError: (552, b'5.3.4 Message too big')", "unknown", REFUSED),
        ("SMTPResponseException: (451, b'4.3.2 try later')", "unknown", TEMPORARY),
        ("SMTPRecipientsRefused: {'a@b.de': (450, b'4.2.0 greylisted')}", "unknown", TEMPORARY),
        ("SMTPAuthenticationError: (535, b'5.7.8 bad credentials')", "unknown", SERVER),
        ("[Errno 113] No route to host", "mail_smtp", SERVER),
        ("Please define at least one SMTP server", "mail_smtp", SERVER),
        ("No valid recipient", "mail_email_invalid", ADDRESS),
        ("something odd", "unknown", TEMPORARY),
        ("order 5501 of 12.450 EUR", "unknown", TEMPORARY),
        ("", "", TEMPORARY),
    ],
)
def test_meaning(reason, failure_type, meaning):
    assert classify(reason, failure_type) == meaning


def test_the_servers_own_words():
    assert first_line("Mail failed\n\n  SMTPDataError:  (451, b'later') \n") == (
        "SMTPDataError: (451, b'later')"
    )
    assert first_line("") == ""
    assert len(first_line("x" * 900)) == 200
