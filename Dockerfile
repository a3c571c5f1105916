# Any of the services; SERVICE is its folder below `services`:
#
#   docker build --build-arg SERVICE=agents/orders --tag lockstep/orders .

FROM node:24-bookworm-slim AS manifests
WORKDIR /app
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

# Only a changed package.json or lock installs again. SWC, which builds, brings its binary as a package.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node deploy/build.mjs

FROM build AS parts
ARG SERVICE
RUN node deploy/image/assemble.mjs "$SERVICE" /parts

# Node and nothing else of its image: no npm and no headers.
FROM debian:bookworm-slim
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY deploy/image/is-ready /usr/local/bin/
# For a service that keeps files: the shop, and a supervisor with an archive.
RUN install --directory --owner=1000 --group=1000 /data
# What changes least comes first: a change of one service is in the last of these layers alone, and services with
# the same dependencies share theirs.
COPY --from=parts /parts/dependencies /app
COPY --from=parts /parts/libraries /app
COPY --from=parts /parts/service /app

ARG SERVICE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Lockstep $SERVICE" \
      org.opencontainers.image.description="A service of Lockstep, a durable coordination runtime for multi-agent systems" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    LOCKSTEP_HTTP_HOST=0.0.0.0 \
    LOCKSTEP_HTTP_PORT=8080
WORKDIR /app/services/$SERVICE
USER 1000:1000
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD ["is-ready"]
CMD ["node", "--enable-source-maps", "dist/main.js"]
