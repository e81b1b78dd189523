# The syncer image: Node and one bundled file. Non-root, works on a read-only root file system, has no shell.
FROM docker.io/library/node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY . .
RUN npm ci && node scripts/image-files.ts /image

# glibc and CA certificates, nothing else.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /image/ /
USER 65532:65532
ENTRYPOINT ["/ko-app/syncer"]
