#!/usr/bin/env bash
# Starts Odoo in its container. The first start makes the database and installs the add-ons; a
# start after an interrupted one goes on from where it stopped. Later starts update what changed.
set -euo pipefail

: "${PGHOST:?}" "${PGUSER:?}" "${PGPASSWORD:?}"
: "${ODOO_ADMIN_PASSWORD:?set ODOO_ADMIN_PASSWORD}"
database=${ODOO_DATABASE:-shop}
conf=${ODOO_RC:-/etc/odoo/odoo.conf}
addons_dir=${ADDONS_DIR:-/mnt/extra-addons}
data_dir=${DATA_DIR:-/var/lib/odoo}

until pg_isready --quiet --dbname=postgres; do
    echo "waiting for PostgreSQL at $PGHOST"
    sleep 1
done

query() { psql --no-psqlrc --tuples-only --no-align --quiet --dbname="$1" --command="$2"; }

if [ -z "${ODOO_ADDONS:-}" ]; then
    ODOO_ADDONS=$(cd "$addons_dir" && ls -d -- */ | tr -d / | grep -vx automation_demo | paste -sd, -)
fi

# The mark is a comment on the database: it is there only when the step was finished.
mark() { query postgres "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '$database'"; }
set_mark() { query postgres "COMMENT ON DATABASE \"$database\" IS '$1'"; }
source_print=$(cd "$addons_dir" && find . -type f ! -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)

state=$(mark)
if [[ "$state" != made* ]]; then
    echo "making the database $database"
    query postgres "DROP DATABASE IF EXISTS \"$database\" WITH (FORCE)"
    rm -rf "${data_dir:?}/filestore/$database"
    odoo db --config "$conf" init "$database" --force \
        --language "${ODOO_LANGUAGE:-de_DE}" --country "${ODOO_COUNTRY:-DE}"
    odoo shell --config "$conf" --database "$database" --no-http <<'PYTHON'
import os
env.ref("base.user_admin").password = os.environ["ODOO_ADMIN_PASSWORD"]
env.cr.commit()
PYTHON
    set_mark made
    state=made
fi
if [ "$state" != "made $source_print $ODOO_ADDONS" ]; then
    echo "installing or updating $ODOO_ADDONS"
    odoo --config "$conf" --database "$database" --init "$ODOO_ADDONS" --update "$ODOO_ADDONS" \
        --stop-after-init --no-http
    set_mark "made $source_print $ODOO_ADDONS"
fi

exec odoo --config "$conf" --database "$database" --db-filter "^$database\$" \
    --workers "${ODOO_WORKERS:-0}" "$@"
