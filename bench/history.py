"""A past for the shop: done orders with all documents, copied many times inside PostgreSQL."""

import time

# the tables of an order's documents: name, and how a copy's references are found.
# "column": table means that the column points to the copy's own record of that table
CLONED = {
    "res_partner": {"commercial_partner_id": "res_partner"},
    "sale_order": {
        "partner_id": "res_partner",
        "partner_invoice_id": "res_partner",
        "partner_shipping_id": "res_partner",
        "shop_order_id": "shop_order",
    },
    "sale_order_line": {"order_id": "sale_order", "order_partner_id": "res_partner"},
    "stock_reference": {},
    "stock_picking": {"sale_id": "sale_order", "partner_id": "res_partner"},
    "stock_move": {
        "picking_id": "stock_picking",
        "sale_line_id": "sale_order_line",
        "partner_id": "res_partner",
    },
    "stock_move_line": {"picking_id": "stock_picking", "move_id": "stock_move"},
    "account_move": {
        "partner_id": "res_partner",
        "commercial_partner_id": "res_partner",
        "partner_shipping_id": "res_partner",
    },
    "account_move_line": {"move_id": "account_move", "partner_id": "res_partner"},
    "stock_reference_sale_rel": {"reference_id": "stock_reference", "sale_id": "sale_order"},
    "stock_reference_move_rel": {"reference_id": "stock_reference", "move_id": "stock_move"},
    "sale_order_line_invoice_rel": {
        "order_line_id": "sale_order_line",
        "invoice_line_id": "account_move_line",
    },
    "account_tax_sale_order_line_rel": {"sale_order_line_id": "sale_order_line"},
    "account_move_line_account_tax_rel": {"account_move_line_id": "account_move_line"},
    "account_account_tag_account_move_line_rel": {"account_move_line_id": "account_move_line"},
    "shop_order": {},
    "shop_customer": {"partner_id": "res_partner"},
    "automation_log": {"order_id": "sale_order"},
    "automation_mail": {
        "order_id": "sale_order",
        "picking_id": "stock_picking",
        "invoice_id": "account_move",
        "partner_id": "res_partner",
    },
    "mail_message": {},
    "mail_followers": {},
}
# what has to differ from copy to copy
DISTINCT = {
    "res_partner": {
        "email": "'h' || {n} || '.' || email",
        "email_normalized": "'h' || {n} || '.' || email_normalized",
        "zip": "lpad(((id * 7919 + {n} * 104729) % 90000 + 10000)::text, 5, '0')",
        "street": "street || '/' || {n}",
    },
    "sale_order": {
        "name": "name || '-' || {n}",
        "client_order_ref": "client_order_ref || '-' || {n}",
        "date_order": "date_order - {n} * interval '1 hour'",
        "access_token": "NULL",
    },
    "stock_picking": {"name": "name || '-' || {n}"},
    "stock_reference": {"name": "name || '-' || {n}"},
    "account_move": {
        "name": "sequence_prefix || lpad({number}::text, greatest(5, length({number}::text)), '0')",
        "sequence_number": "{number}",
        "payment_reference": "NULL",
        "access_token": "NULL",
        "date": "date - {days}",
        "invoice_date": "invoice_date - {days}",
    },
    "account_move_line": {"date": "date - {days}"},
    "shop_order": {
        "external_id": "external_id || '-' || {n}",
        "number": "number || '-' || {n}",
    },
    "shop_customer": {"buyer_id": "buyer_id || '-' || {n}"},
    "automation_mail": {"message_id": "NULL", "mail_id": "NULL", "mail_message_id": "NULL"},
    "mail_message": {"message_id": "message_id || '-' || {n}"},
}
# days back, within the same year of numbers
DAYS = "least({n} % 300, extract(doy FROM date) - 1)::int"
# messages and followers name their document by model and id
BY_MODEL = {
    "sale.order": "sale_order",
    "stock.picking": "stock_picking",
    "account.move": "account_move",
    "res.partner": "res_partner",
}


class History:
    """Copies the documents of the orders that are done in this database."""

    def __init__(self, env) -> None:
        self.cr = env.cr
        self.spans: dict[str, int] = {}

    def _columns(self, table: str) -> list[str]:
        self.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        return [name for [name] in self.cr.fetchall()]

    def _measure(self) -> None:
        """How far the ids of each table's copies lie apart."""
        for table in CLONED:
            if "id" in self._columns(table):
                self.cr.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
                self.spans[table] = self.cr.fetchone()[0]

    def grow(self, count: int, done: int) -> float:
        """Copy the ``done`` orders there are until ``count`` more exist; return the seconds."""
        start = time.perf_counter()
        self._measure()
        copies = -(-count // done)
        self.cr.execute("SET session_replication_role = replica")  # no foreign keys one by one
        for table in CLONED:
            if columns := self._columns(table):
                self._copy(table, columns, copies)
        self.cr.execute("SET session_replication_role = origin")
        self.cr.commit()
        self._vacuum()
        return time.perf_counter() - start

    def _copy(self, table: str, columns: list[str], copies: int) -> None:
        number = "(sequence_number + g.n * (SELECT max(sequence_number) FROM account_move))"
        words = {"n": "g.n", "number": number, "days": DAYS.format(n="g.n")}
        values = [self._value(table, column).format(**words) for column in columns]
        names = ", ".join(f'"{column}"' for column in columns)
        where = self._where(table)
        self.cr.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values)}"
            f" FROM {table} AS old CROSS JOIN generate_series(1, {copies}) AS g(n) {where}"
        )
        if table in self.spans:
            self.cr.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )

    def _where(self, table: str) -> str:
        if table == "res_partner":
            return "WHERE id IN (SELECT partner_id FROM sale_order)"
        if table in ("mail_message", "mail_followers"):
            column = "model" if table == "mail_message" else "res_model"
            models = ", ".join(f"'{model}'" for model in BY_MODEL)
            return f"WHERE {column} IN ({models})"
        return ""

    def _value(self, table: str, column: str) -> str:
        """The SQL for a copy's column."""
        if column == "id":
            return f"id + {{n}} * {self.spans[table]}"
        if special := DISTINCT.get(table, {}).get(column):
            return special
        target = CLONED[table].get(column)
        if target in self.spans:
            return self._moved(column, target)
        if column == "res_id" and table in ("mail_message", "mail_followers"):
            return self._by_model("model" if table == "mail_message" else "res_model")
        return f'"{column}"'

    def _moved(self, column: str, target: str) -> str:
        if target != "res_partner":
            return f'"{column}" + {{n}} * {self.spans[target]}'
        # the company's own partners were not copied
        return (
            f'CASE WHEN "{column}" IN (SELECT partner_id FROM sale_order)'
            f' THEN "{column}" + {{n}} * {self.spans[target]} ELSE "{column}" END'
        )

    def _by_model(self, column: str) -> str:
        cases = " ".join(
            f"WHEN '{model}' THEN res_id + {{n}} * {self.spans[table]}"
            for model, table in BY_MODEL.items()
        )
        return f"CASE {column} {cases} ELSE res_id END"

    def _vacuum(self) -> None:
        """Let the planner know how large the tables have become."""
        connection = self.cr._cnx
        connection.autocommit = True
        try:
            self.cr.execute("VACUUM ANALYZE")
        finally:
            connection.autocommit = False
