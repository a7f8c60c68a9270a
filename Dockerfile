# Small, pinned, non-root; with the desired state, without the embedded AWS. The job of `drift_correction` runs it, with a
# command of its own; by itself it is one round that changes nothing.
FROM python:3.13.9-slim-bookworm AS build
COPY requirements.lock /tmp/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock

FROM python:3.13.9-slim-bookworm
RUN useradd --uid 10001 --create-home reconciler
COPY --from=build /venv /venv
WORKDIR /app
COPY reconciler ./reconciler
COPY desired_state ./desired_state
RUN python -m compileall -q .
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
ENTRYPOINT ["python", "-m", "reconciler"]
CMD ["drift"]
