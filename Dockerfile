# One image for the API and both kinds of worker; the command chooses the role (docker-compose.yml).
FROM node:22.20.0-bookworm-slim AS build
WORKDIR /app
# FFmpeg comes from the distribution, so the package that downloads one is not asked to.
ENV FFMPEG_BINARIES_URL=http://127.0.0.1:9
COPY package.json package-lock.json ./
RUN npm ci --no-fund --no-audit
COPY . .
RUN npm run build \
 && npm prune --omit=dev --no-fund --no-audit

FROM node:22.20.0-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg bubblewrap \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node -m 0700 /var/lib/scenemill
WORKDIR /app
# The MALLOC_ settings keep the workers 20–40 MB smaller (tools/stack-process.ts); FFmpeg does not inherit them.
ENV NODE_ENV=production \
    FFMPEG_PATH=/usr/bin/ffmpeg \
    FFPROBE_PATH=/usr/bin/ffprobe \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=131072 \
    MALLOC_TRIM_THRESHOLD_=131072
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
EXPOSE 8787
CMD ["node", "--max-semi-space-size=2", "dist/api/main.js"]
