# Odoo 19 with this project's add-ons. Odoo itself and PostgreSQL come as official images.
FROM odoo:19.0

USER root
# Chromium prints the reports; the image's own wkhtmltopdf stays as the fallback.
RUN apt-get update \
    && apt-get install -y --no-install-recommends chromium fonts-dejavu-core fonts-liberation \
    && rm -rf /var/lib/apt/lists/*
COPY docker/requirements.txt /tmp/requirements.txt
# The image has Odoo's own Python needs; only what is missing there is added, pinned and checked.
RUN pip3 install --break-system-packages --no-cache-dir --no-deps --require-hashes \
        --only-binary :all: -r /tmp/requirements.txt \
    && rm /tmp/requirements.txt
COPY --chmod=755 docker/start.sh /usr/local/bin/start-odoo
COPY docker/odoo.conf /etc/odoo/odoo.conf
COPY addons /mnt/extra-addons

USER odoo
ENV CHROMIUM=/usr/bin/chromium
HEALTHCHECK --interval=30s --timeout=5s --start-period=10m --retries=3 \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8069/web/health"]
CMD ["start-odoo"]
