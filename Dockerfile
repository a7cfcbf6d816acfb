# syntax=docker/dockerfile:1

# Which Node it runs on: any from 20.19 on.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /castellan
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY tsconfig.json tsconfig.library.json ./
COPY build ./build
COPY src ./src
COPY drizzle ./drizzle
RUN npm run build && npm prune --omit=dev

FROM node:${NODE_VERSION}-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /castellan
COPY --from=build /castellan/package.json ./
COPY --from=build /castellan/node_modules ./node_modules
COPY --from=build /castellan/dist ./dist
COPY --from=build /castellan/drizzle ./drizzle
COPY LICENSE ./
RUN chmod +x dist/cli/main.cjs && ln -s /castellan/dist/cli/main.cjs /usr/local/bin/castellan
# Nothing is written here, so it needs DATABASE_URL, MASTER_KEY, SMTP_URL, MAIL_FROM, PUBLIC_URL, and
# PLATFORM_OWNER_PASSWORD at the first start. It runs with a read-only root.
USER node
EXPOSE 3000
# Alive, not ready: whoever starts anew what is unhealthy must not do so because Postgres or Redis is away.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# SIGTERM drains: what is under way is answered first.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--max-semi-space-size=4"]
CMD ["dist/start.cjs"]
