"""Text version, inline pictures, plain mails and recipient headers."""

import base64
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from order_automation.lib.mime import (
    count_attachments,
    drop_recipients,
    embed_images,
    to_plain_text,
)
from order_automation.lib.plaintext import from_html, without_links

PNG = base64.b64encode(b"\x89PNG fake").decode()
HTML = """<html><head><style>p {color: red}</style><title>no</title></head><body>
<div style="display:none">preview</div><p>Hello&nbsp;Ms. <b>Müller</b>,</p>
<table><tr><td><table><tr><td>2 x</td><td>Cup</td><td>10,00&nbsp;€</td></tr>
<tr><td>1 x</td><td>Pot</td>
<td>5,00 €</td></tr></table></td></tr></table>
<p>Track it:<br/>
<a href="https://example.com/t?n=1">00340434</a></p>
<ul><li>one</li><li>two</li></ul>
<img alt="x" src="data:image/png;base64,PICTURE"/></body></html>""".replace("PICTURE", PNG)


def test_text_version():
    assert from_html(HTML) == (
        "Hello Ms. Müller,\n\n2 x  Cup  10,00 €\n1 x  Pot  5,00 €\n\n"
        "Track it:\n00340434: https://example.com/t?n=1\n\n- one\n- two"
    )


def test_text_without_links():
    text = from_html(HTML, links=False)
    assert "http" not in text
    assert "00340434" in text
    assert without_links("See https://a.example/x\n\n\nwww.shop.example\nYours") == "See\n\nYours"


@pytest.mark.parametrize(
    "source", ["", "   ", "<", "\x00", "<p>", "<!-- x -->", "</div></p>", "<p>a<p>b"]
)
def test_odd_html(source):
    assert isinstance(from_html(source), str)


def mail(attachment=None):
    message = EmailMessage(policy=policy.SMTP)
    message["To"] = "a@example.com"
    message["Subject"] = "Your order"
    message.add_alternative("text\nhttps://example.com/t", subtype="plain")
    message.add_alternative(HTML, subtype="html")
    if attachment:
        message.add_attachment(
            b"%PDF-1.7", maintype="application", subtype=attachment, filename="R1.pdf"
        )
    return message


@pytest.mark.parametrize("attachment", [None, "pdf"])
def test_pictures_become_inline_parts(attachment):
    message = mail(attachment)
    assert embed_images(message) == 1
    parsed = message_from_bytes(message.as_bytes(), policy=policy.default)
    source = parsed.get_body(("html",)).get_content()
    picture = next(part for part in parsed.walk() if part.get_content_type() == "image/png")
    assert f'src="cid:{picture["Content-ID"][1:-1]}"' in source
    assert "data:image" not in source
    assert picture.get_content() == b"\x89PNG fake"
    assert picture.get_content_disposition() == "inline"
    assert parsed.get_body(("plain",)).get_content().startswith("text")
    assert count_attachments(parsed) == (1 if attachment else 0)


def test_plain_mail_keeps_headers_and_drops_the_rest():
    message = mail("pdf")
    to_plain_text(message)
    assert message.get_content_type() == "text/plain"
    assert message["Subject"] == "Your order"
    assert "http" not in message.get_content()


def test_plain_mail_may_keep_the_pdf():
    message = mail("pdf")
    message.add_attachment(b"zip", maintype="application", subtype="zip", filename="a.zip")
    to_plain_text(message, keep_pdf=True)
    assert [part.get_filename() for part in message.iter_attachments()] == ["R1.pdf"]
    assert message.get_body(("html",)) is None


def test_recipients_are_taken_out_of_every_header():
    message = EmailMessage(policy=policy.SMTP)
    message["To"] = '"Müller, Anna" <a@example.com>, X <X@Members.eBay.com>'
    message["Cc"] = "x@members.ebay.com"
    message["Bcc"] = "b@example.com"
    drop_recipients(message, {"x@members.ebay.com"})
    assert [address.addr_spec for address in message["To"].addresses] == ["a@example.com"]
    assert message["To"].addresses[0].display_name == "Müller, Anna"
    assert message["Cc"] is None
    assert message["Bcc"] == "b@example.com"


def test_an_address_as_a_name_is_no_way_around():
    message = EmailMessage(policy=policy.SMTP)
    message["To"] = '"x@members.ebay.com" <a@example.com>'
    drop_recipients(message, {"x@members.ebay.com"})
    assert message["To"] == "a@example.com"


def test_other_spellings_of_a_domain():
    message = EmailMessage(policy=policy.SMTP)
    message["To"] = "a@example.com, x@Members.eBay.com."
    drop_recipients(message, {"x@members.ebay.com"})
    assert message["To"] == "a@example.com"
