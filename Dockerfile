# syntax=docker/dockerfile:1
# One image for every role; the role is the argument: `docker run orderwire serve --role ingress`.
# glibc, not Alpine: uWebSockets.js is a native addon built against glibc 2.27 or later.
ARG NODE_IMAGE=node:22.23.3-bookworm-slim

# ── dependencies: only what the lockfile says, cached until it changes
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund \
    # The addon ships a binary for every platform and Node; one of them is ours.
 && find node_modules/uWebSockets.js/ -name '*.node' \
      ! -name "uws_linux_$(node -p 'process.arch')_$(node -p 'process.versions.modules').node" -delete \
 && node -e "import('uWebSockets.js').then(({ App }) => App())" \
    # Source maps and typings of dependencies are never read at run time.
 && find node_modules \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

# ── build: the compiler stays in this stage
FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY scripts/bootstrap.mjs scripts/
RUN node -e "import('./scripts/bootstrap.mjs').then(({ bootstrap }) => bootstrap())"
COPY . .
RUN npm run build

# ── the image: no package manager needed, nothing writable, nobody's home
FROM ${NODE_IMAGE}
ARG VERSION=0.0.0-dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="orderwire" \
      org.opencontainers.image.description="Webhook gateway between food-delivery platforms and point-of-sale systems" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# Nothing is installed at run time: without npm there is less to patch and less to misuse.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn-*
ENV NODE_ENV=production
WORKDIR /app
# package.json and package-lock.json beside node_modules let scanners list what is inside.
COPY package.json package-lock.json schema.graphql ./
COPY deploy/docker/healthcheck.mjs ./
COPY --from=dependencies /build/node_modules ./node_modules
# Only the product: the local stack in dist/dev is for developers.
COPY --from=build /build/dist/src ./dist/src
# `orderwire listen` stands on the client package.
COPY --from=build /build/dist/clients ./dist/clients
COPY --from=build /build/dist/web ./dist/web
# A number, so that Kubernetes can see for itself that it is not root.
USER 10001:10001
EXPOSE 4000 4001 4002
# Kubernetes has probes of its own; this is for compose and plain docker.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "healthcheck.mjs"]
# node is process 1 and handles SIGTERM itself: it drains within 10 s.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "dist/src/main.js"]
CMD ["serve", "--role", "all"]
