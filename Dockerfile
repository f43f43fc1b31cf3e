# Linted (hadolint 2.15) and its steps replayed in an empty folder; not built: no container engine was at hand.
FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements/user.txt requirements/user.txt
RUN python -m venv /opt/ipv6check \
    && /opt/ipv6check/bin/pip install --no-cache-dir --require-hashes -r requirements/user.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY src src
RUN /opt/ipv6check/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12-slim
LABEL org.opencontainers.image.title="ipv6check" \
      org.opencontainers.image.description="Trusted IPv6 verdicts and conversion rates" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/ipv6check /opt/ipv6check
COPY inventories /inventories
# The network must carry IPv6: a container network has none unless it is asked for (enable_ipv6), or use the host's.
# Echo needs no capability where the engine opens net.ipv4.ping_group_range, as current engines do; --cap-add NET_RAW
# is needed only for crafted packets, and then only with a capable user.
RUN useradd --system --uid 10001 --home-dir /data --create-home ipv6check
USER 10001
WORKDIR /data
VOLUME /data
ENV PATH=/opt/ipv6check/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
ENTRYPOINT ["ipv6check"]
CMD ["--help"]
