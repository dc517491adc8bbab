"""The formula of ``lib/stock.py`` in SQL, for any number of listings in one statement.

``RESULT`` has one row for each listing in ``chosen (id)`` with everything the formula needs and
what it says. ``STOCK`` reads quants and moves as core does for a product's quantities at a
warehouse.
"""


def with_tables(*parts: str) -> str:
    """Return the last of ``parts`` with the others as its named tables."""
    return " ".join(("WITH", ",".join(parts[:-1]), parts[-1]))


CHOSEN = """
    chosen AS MATERIALIZED (
        SELECT id FROM shop_listing WHERE product_id = ANY(%(products)s)
         UNION SELECT id FROM shop_listing WHERE id = ANY(%(listings)s)
         UNION SELECT id FROM shop_listing WHERE account_id = ANY(%(accounts)s)
    )
"""

# given account (of shop_account) and goods (account_id, product_id): what is there of them
STOCK = """
    house AS MATERIALIZED (
        SELECT shop_account_id AS account_id, stock_warehouse_id AS warehouse_id
          FROM shop_account_stock_warehouse_rel
         WHERE shop_account_id IN (SELECT id FROM account)
     UNION ALL
        SELECT a.id, COALESCE(a.warehouse_id,
                              (SELECT w.id
                                 FROM stock_warehouse w
                                WHERE w.company_id = a.company_id AND w.active
                             ORDER BY w.sequence, w.id
                                LIMIT 1))
          FROM account a
         WHERE NOT EXISTS (SELECT FROM shop_account_stock_warehouse_rel r
                            WHERE r.shop_account_id = a.id)
    ),
    place AS MATERIALIZED (
        SELECT DISTINCT house.account_id, inner_.id AS location_id
          FROM house
          JOIN stock_warehouse w ON w.id = house.warehouse_id
          JOIN stock_location outer_ ON outer_.id = w.view_location_id
          JOIN stock_location inner_ ON inner_.parent_path LIKE outer_.parent_path || '%%'
    ),
    held AS MATERIALIZED (
        SELECT goods.account_id, goods.product_id, SUM(q.quantity)::numeric AS on_hand,
               SUM(q.reserved_quantity)::numeric AS reserved
          FROM goods
          JOIN stock_quant q ON q.product_id = goods.product_id
          JOIN place ON place.account_id = goods.account_id AND place.location_id = q.location_id
      GROUP BY 1, 2
    ),
    moved AS MATERIALIZED (
        SELECT goods.account_id, goods.product_id,
               SUM(m.product_qty) FILTER (WHERE source.location_id IS NULL)::numeric AS incoming,
               SUM(m.product_qty) FILTER (WHERE source.location_id IS NOT NULL)::numeric AS outgoing
          FROM goods
          JOIN account ON account.id = goods.account_id AND account.stock_basis != 'free'
          JOIN stock_move m
            ON m.product_id = goods.product_id
           AND m.state IN ('waiting', 'confirmed', 'assigned', 'partially_available')
     LEFT JOIN place source
            ON source.account_id = goods.account_id AND source.location_id = m.location_id
     LEFT JOIN place target
            ON target.account_id = goods.account_id
           AND target.location_id = COALESCE(m.location_final_id, m.location_dest_id)
         WHERE (source.location_id IS NULL) != (target.location_id IS NULL)
      GROUP BY 1, 2
    )
"""

# what shop orders ask for before stock moves reserve it
PROMISE = """
    promise AS MATERIALIZED (
        SELECT so.id AS order_id, so.date_order, so.warehouse_id, line.product_id,
               ((line.product_uom_qty - COALESCE(line.shop_gone_qty, 0)) * unit.factor
                / own.factor)::numeric AS quantity
          FROM sale_order so
          JOIN sale_order_line line ON line.order_id = so.id AND line.display_type IS NULL
          JOIN product_product pp ON pp.id = line.product_id
          JOIN product_template pt ON pt.id = pp.product_tmpl_id
          JOIN uom_uom unit ON unit.id = line.product_uom_id
          JOIN uom_uom own ON own.id = pt.uom_id
         WHERE so.shop_account_id IS NOT NULL AND so.state IN ('draft', 'sent')
           AND so.shop_gone IS NOT TRUE
     UNION ALL
        SELECT NULL, NULL, COALESCE(a.warehouse_id,
                        (SELECT w.id
                           FROM stock_warehouse w
                          WHERE w.company_id = a.company_id AND w.active
                       ORDER BY w.sequence, w.id
                          LIMIT 1)),
               r.product_id,
               r.quantity::numeric
               * COALESCE((SELECT MAX(l.pack_factor)
                             FROM shop_listing l
                            WHERE l.account_id = r.account_id AND l.sku = r.sku
                                  AND l.product_id = r.product_id)::numeric, 1)
          FROM shop_reservation r
          JOIN shop_account a ON a.id = r.account_id
         WHERE r.product_id IS NOT NULL
    )
"""

LISTINGS = """
    listing AS MATERIALIZED (
        SELECT l.id, l.account_id, l.product_id, l.pack_factor::numeric AS pack, l.max_quantity,
               l.sold_out, COALESCE(l.speed, 0)::numeric AS speed, l.kit_quantity::numeric AS kit,
               l.is_kit IS TRUE AS is_kit,
               l.product_id IS NOT NULL AND l.active IS TRUE AND l.report_stock IS TRUE
               AND l.by_channel IS NOT TRUE AS counts
          FROM shop_listing l
          JOIN chosen ON chosen.id = l.id
    ),
    account AS MATERIALIZED (
        SELECT a.*
          FROM shop_account a
         WHERE a.id IN (SELECT account_id FROM listing)
    ),
    goods AS MATERIALIZED (
        SELECT DISTINCT account_id, product_id FROM listing WHERE counts
    )
"""

# what the formula says
RESULT = """
    promised AS MATERIALIZED (
        SELECT house.account_id, promise.product_id, SUM(promise.quantity) AS promised
          FROM promise
          JOIN house ON house.warehouse_id = promise.warehouse_id
      GROUP BY 1, 2
    ),
    figure AS (
        SELECT listing.*, account.stock_basis AS basis, account.stock_buffer AS buffer,
               account.stock_buffer_value::numeric AS buffer_value, account.stock_delay AS delay,
               COALESCE(NULLIF(listing.max_quantity, 0), NULLIF(account.stock_max, 0), 999999999)
               AS most,
               COALESCE(listing.sold_out, account.sold_out) AS when_sold_out,
               COALESCE(NULLIF(pt.shop_minimum_stock, 0)::numeric,
                        account.stock_minimum::numeric, 0) AS minimum,
               (listing.counts AND (pt.is_storable OR listing.is_kit)) IS TRUE AS kept,
               pp.active IS TRUE AS product_active,
               ROUND(COALESCE(held.on_hand, 0), 6) AS on_hand,
               ROUND(COALESCE(held.reserved, 0), 6) AS reserved,
               ROUND(COALESCE(moved.incoming, 0), 6) AS incoming,
               ROUND(COALESCE(moved.outgoing, 0), 6) AS outgoing,
               ROUND(COALESCE(promised.promised, 0), 6) AS promised
          FROM listing
          JOIN account ON account.id = listing.account_id
     LEFT JOIN product_product pp ON pp.id = listing.product_id
     LEFT JOIN product_template pt ON pt.id = pp.product_tmpl_id
     LEFT JOIN held
            ON held.account_id = listing.account_id AND held.product_id = listing.product_id
     LEFT JOIN moved
            ON moved.account_id = listing.account_id AND moved.product_id = listing.product_id
     LEFT JOIN promised
            ON promised.account_id = listing.account_id
           AND promised.product_id = listing.product_id
    ),
    pieces AS (
        SELECT figure.*,
               CASE WHEN is_kit THEN COALESCE(kit, 0)
                    WHEN basis = 'free' THEN on_hand - reserved
                    WHEN basis = 'open' THEN on_hand - outgoing
                    ELSE on_hand + incoming - outgoing
                END - promised AS available
          FROM figure
    ),
    kept_back AS (
        SELECT pieces.*,
               CASE buffer
                    WHEN 'fixed' THEN buffer_value
                    WHEN 'percent' THEN ROUND(GREATEST(available, 0) * buffer_value / 100)
                    WHEN 'speed' THEN ROUND(speed * delay * buffer_value / 1440)
                    ELSE 0
                END AS back
          FROM pieces
    ),
    units AS (
        SELECT kept_back.*,
               CASE WHEN product_active
                    THEN LEAST(DIV(GREATEST(available - back, 0), pack), most, 999999999)::int
                    ELSE 0
                END AS quantity,
               available <= minimum AS is_low
          FROM kept_back
    ),
    result AS (
        SELECT units.*,
               CASE WHEN NOT kept THEN NULL
                    WHEN quantity > 0 THEN 'normal'
                    WHEN when_sold_out = 'delist' THEN 'delisted'
                    WHEN when_sold_out = 'soon' THEN 'soon'
                    ELSE 'normal'
                END AS availability,
               BOOL_OR(kept AND is_low) OVER (PARTITION BY product_id) AS low
          FROM units
    )
"""

REFRESH = with_tables(
    CHOSEN,
    LISTINGS,
    STOCK,
    PROMISE,
    RESULT,
    """
    news AS (
        SELECT r.id, r.account_id, r.availability,
               CASE WHEN r.availability IS NULL THEN l.wanted ELSE r.quantity END AS quantity,
               r.availability IS NOT NULL
               AND (r.quantity, r.availability)
                   IS DISTINCT FROM (l.reported, l.reported_state) AS pending,
               r.low OR (l.pending AND l.urgent) IS TRUE
               OR l.reported_state IS NOT NULL
               AND (r.quantity = 0) != (l.reported = 0) AS urgent,
               (r.quantity, r.availability) IS DISTINCT FROM (l.wanted, l.wanted_state) AS changed
          FROM result r
          JOIN shop_listing l ON l.id = r.id
    ),
    updated AS (
        UPDATE shop_listing l
           SET wanted = news.quantity,
               wanted_state = news.availability,
               wanted_at = CASE WHEN news.changed THEN %(now)s ELSE l.wanted_at END,
               next_try = CASE WHEN news.changed AND NOT l.refused THEN NULL ELSE l.next_try END,
               pending = news.pending,
               urgent = news.pending AND news.urgent
          FROM news
         WHERE l.id = news.id
           AND (l.wanted, l.wanted_state, l.pending, l.urgent) IS DISTINCT FROM
               (news.quantity, news.availability, news.pending, news.pending AND news.urgent)
     RETURNING l.account_id, l.pending, l.urgent
    )
    """,
    """
    SELECT account_id, COUNT(*), COUNT(*) FILTER (WHERE pending), COUNT(*) FILTER (WHERE urgent)
      FROM updated
  GROUP BY account_id
    """,
)

DETAIL = with_tables(
    CHOSEN,
    LISTINGS,
    STOCK,
    PROMISE,
    RESULT,
    """
    SELECT id, on_hand, reserved, incoming, outgoing, promised, speed, is_kit, kit, available,
           back, pack, most, minimum, quantity, availability, low
      FROM result
    """,
)

# what was sold of a product a day: the busier of the last day and of the average of four weeks
SPEED = with_tables(
    CHOSEN,
    """
    sold AS (
        SELECT line.product_id,
               GREATEST(SUM(line.product_uom_qty * unit.factor / own.factor) / 28,
                        SUM(line.product_uom_qty * unit.factor / own.factor)
                        FILTER (WHERE so.date_order >= %(now)s - INTERVAL '1 day'))::numeric
               AS speed, so.company_id
          FROM sale_order so
          JOIN sale_order_line line ON line.order_id = so.id AND line.display_type IS NULL
          JOIN product_product pp ON pp.id = line.product_id
          JOIN product_template pt ON pt.id = pp.product_tmpl_id
          JOIN uom_uom unit ON unit.id = line.product_uom_id
          JOIN uom_uom own ON own.id = pt.uom_id
         WHERE so.date_order >= %(now)s - INTERVAL '28 days'
           AND (so.state = 'sale' OR so.shop_account_id IS NOT NULL AND so.state != 'cancel')
           AND line.product_id IN (SELECT l.product_id
                                     FROM shop_listing l
                                     JOIN chosen ON chosen.id = l.id)
      GROUP BY line.product_id, so.company_id
    )
    """,
    """
    UPDATE shop_listing l
       SET speed = ROUND(COALESCE(sold.speed, 0), 3)
      FROM chosen
      JOIN shop_listing self ON self.id = chosen.id
 LEFT JOIN sold ON sold.product_id = self.product_id AND sold.company_id = self.company_id
     WHERE l.id = self.id
       AND COALESCE(l.speed, 0) != ROUND(COALESCE(sold.speed, 0), 3)
    """,
)

# lines of shop orders that what is there does not cover, those that came first served first
SHORT = with_tables(
    """
    account AS MATERIALIZED (
        SELECT a.*
          FROM shop_account a
         WHERE a.id IN (SELECT shop_account_id FROM sale_order WHERE id = ANY(%(orders)s))
    ),
    goods AS MATERIALIZED (
        SELECT DISTINCT so.shop_account_id AS account_id, line.product_id
          FROM sale_order so
          JOIN sale_order_line line ON line.order_id = so.id
         WHERE so.id = ANY(%(orders)s) AND line.product_id IS NOT NULL
    )
    """,
    STOCK,
    PROMISE,
    """
    kit AS (
        SELECT UNNEST(%(owners)s::int[]) AS account_id, UNNEST(%(kits)s::int[]) AS product_id,
               UNNEST(%(quantities)s::numeric[]) AS quantity
    ),
    claim AS (
        SELECT house.account_id, promise.product_id, promise.order_id, promise.date_order,
               SUM(promise.quantity) AS quantity
          FROM promise
          JOIN house ON house.warehouse_id = promise.warehouse_id
          JOIN goods
            ON goods.account_id = house.account_id AND goods.product_id = promise.product_id
      GROUP BY 1, 2, 3, 4
    ),
    queue AS (
        SELECT claim.*, SUM(claim.quantity) OVER
                        (PARTITION BY claim.account_id, claim.product_id
                             ORDER BY claim.date_order NULLS FIRST, claim.order_id NULLS FIRST)
                        AS taken
          FROM claim
    ),
    covered AS (
        SELECT queue.*,
               COALESCE(kit.quantity,
                        COALESCE(held.on_hand, 0)
                        - CASE account.stock_basis
                               WHEN 'free' THEN COALESCE(held.reserved, 0)
                               WHEN 'open' THEN COALESCE(moved.outgoing, 0)
                               ELSE COALESCE(moved.outgoing, 0) - COALESCE(moved.incoming, 0)
                           END) AS there
          FROM queue
          JOIN sale_order so ON so.id = queue.order_id AND so.shop_account_id = queue.account_id
          JOIN account ON account.id = queue.account_id
          JOIN product_product pp ON pp.id = queue.product_id
          JOIN product_template pt ON pt.id = pp.product_tmpl_id
     LEFT JOIN held USING (account_id, product_id)
     LEFT JOIN moved USING (account_id, product_id)
     LEFT JOIN kit USING (account_id, product_id)
         WHERE queue.order_id = ANY(%(orders)s) AND (pt.is_storable OR kit.product_id IS NOT NULL)
           AND NOT EXISTS (
               SELECT FROM stock_rule rule
            LEFT JOIN stock_location origin ON origin.id = rule.location_src_id
            LEFT JOIN stock_location target ON target.id = rule.location_dest_id
                WHERE rule.active
                  AND (rule.procure_method != 'make_to_stock'
                       OR origin.usage = 'supplier' AND target.usage = 'customer')
                  AND rule.route_id IN (
                      SELECT route_id FROM stock_route_product WHERE product_id = pt.id
                       UNION SELECT route_id FROM stock_route_categ WHERE categ_id = pt.categ_id))
    )
    """,
    """
    SELECT order_id, product_id, ROUND(quantity, 6),
           ROUND(GREATEST(quantity - GREATEST(taken - there, 0), 0), 6)
      FROM covered
     WHERE ROUND(taken, 6) > ROUND(there, 6)
  ORDER BY order_id, product_id
    """,
)
