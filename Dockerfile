# Two stages: the first installs what uv.lock names, the second holds only Python and the result.
FROM python:3.13-slim AS build

RUN pip install --no-cache-dir --disable-pip-version-check uv
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never \
    UV_PROJECT_ENVIRONMENT=/opt/pyao
WORKDIR /build
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-install-project
COPY README.md LICENSE ./
COPY src src
RUN uv sync --locked --no-dev --no-editable


FROM python:3.13-slim

RUN useradd --system --uid 10001 --create-home --home-dir /home/pyao pyao \
    && install -d -o pyao -g pyao /data
COPY --from=build /opt/pyao /opt/pyao
ENV PATH=/opt/pyao/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYAO_DATA_DIR=/data
USER pyao
WORKDIR /data
VOLUME /data
EXPOSE 7666
STOPSIGNAL SIGTERM

# server.json exists while the server listens and names the port it chose.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import json, os, socket; status = json.load(open(os.environ['PYAO_DATA_DIR'] + '/server.json')); socket.create_connection(('127.0.0.1', status['addresses'][0][1]), 3).close()"]

CMD ["pyao-server"]
