"""What runs beside the orders' way: printing invoices and sending mails."""

import asyncio
import threading
import time

from meter import Cost

CONVERSATION = (b"250 ok\r\n", b"354 go on\r\n", b"221 bye\r\n")


class MailSink(threading.Thread):
    """A mail server on this machine that takes everything and forgets it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.count = 0
        self.port = 0
        self._ready = threading.Event()

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=2**24)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await server.serve_forever()

    async def _talk(self, reader, writer) -> None:
        okay, go_on, bye = CONVERSATION
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(go_on)
                await reader.readuntil(b"\r\n.\r\n")
                self.count += 1
                writer.write(okay)
            elif word == b"QUIT":
                writer.write(bye)
                break
            else:
                writer.write(okay)
        await writer.drain()
        writer.close()

    def begin(self) -> "MailSink":
        """Start, and wait until the port is known."""
        self.start()
        self._ready.wait()
        return self


def print_invoices(product, limit: int) -> None:
    """File the invoices that are due, as the cron does; the others stay due for later."""
    moves = product.env["account.move"]
    due = moves.search(moves._filing_due_domain(), limit=limit)
    with product.meter.stage("file invoices", len(due)):
        for start in range(0, len(due), 40):
            due[start : start + 40].with_context(automation_engine=True)._automation_file_pdf()
            product.env.cr.commit()
    product.env.invalidate_all()


def bare_engine(product, count: int) -> Cost:
    """Let the PDF engine print ready-made pages: what it could do at most."""
    env = product.env
    invoice = env["account.move"].search([("move_type", "=", "out_invoice")], limit=1)
    reports = env["ir.actions.report"]
    report = reports._get_report("account.report_invoice_with_payments")
    html = reports.with_context(lang="de_DE")._render_qweb_html(report.report_name, invoice.ids)[0]
    prepared = report._prepare_html(html, report_model="account.move")
    bodies, _ids, header, footer, paper = prepared
    start = time.perf_counter()
    report._run_wkhtmltopdf(
        bodies * count,
        report_ref=report.report_name,
        header=header,
        footer=footer,
        specific_paperformat_args=paper,
    )
    return Cost(count, wall=time.perf_counter() - start)


def send_mails(product) -> None:
    """Compose what waits in the outbox and hand it to the mail server."""
    env, sink = product.env, MailSink().begin()
    env["ir.mail_server"].search([]).active = False
    env["ir.mail_server"].create(
        {
            "name": "Sink",
            "smtp_host": "127.0.0.1",
            "smtp_port": sink.port,
            "smtp_encryption": "none",
        }
    )
    env.cr.commit()
    outbox = env["automation.mail"]
    waiting = outbox.search_count([("state", "=", "pending")])
    with product.meter.stage("compose mails", waiting):
        outbox._cron_mails()
    queue = env["mail.mail"].search_count([("state", "=", "outgoing")])
    with product.meter.stage("send mails", queue):
        env["mail.mail"].process_email_queue()
        env.cr.commit()
    if queue and not sink.count:
        raise RuntimeError("no mail arrived at the mail server of the benchmark")
