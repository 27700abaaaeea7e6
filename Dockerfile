# The image runs what `npm run start:prod` runs, as nobody in particular, from a read-only root.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No install script is needed here: the image has its own Node.
RUN npm ci --ignore-scripts
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src src
COPY scripts/console.mts scripts/seed.mts scripts/
RUN npm run build && rm -rf dist/*.tsbuildinfo

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM node:24-bookworm-slim
WORKDIR /app
# Memory that was in use under load is given back: one arena for all threads, and what is larger than a mebibyte apart.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    WIREFETCH_DATA_DIR=/data \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=1048577
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
# What the embedded database keeps; a volume of this name belongs to whoever runs the image.
RUN mkdir /data && chown 1000:1000 /data
VOLUME /data
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "dist/health/check.js"]
# Not through npm: node itself gets SIGTERM, and its exit code counts.
# As `npm start` has it: a small young generation, because octets do not live there, and a collection when a burst is over
# (src/process/quiet-heap.ts). V8 has two threads instead of four, of which one marks, because the event loop waits for them where
# processors are scarce.
CMD ["node", "--min-semi-space-size=2", "--max-semi-space-size=8", "--expose-gc", "--v8-pool-size=2", "--concurrent-marking-max-worker-num=1", "dist/main.js"]
