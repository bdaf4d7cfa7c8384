import { defineConfig } from "vitest/config";
import { VitePWA } from "vite-plugin-pwa";

/** A chunk that holds clinic code goes to its own folder, so the phone's service worker can leave it out. */
const chunkFolder = (moduleIds: readonly string[]): string =>
  moduleIds.some((id) => /\/src\/clinic\/|\/i18n\/\w+\/clinic\.json|\/(programs|library)\/es\.json/.test(id)) ? "assets/clinic/" : "assets/";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { phone: "index.html", clinic: "clinic.html" },
      output: {
        entryFileNames: (chunk) => `${chunkFolder(chunk.moduleIds)}[name]-[hash].js`,
        chunkFileNames: (chunk) => `${chunkFolder(chunk.moduleIds)}[name]-[hash].js`,
        assetFileNames: (asset) =>
          `${asset.names.some((name) => name.startsWith("clinic")) ? "assets/clinic/" : "assets/"}[name]-[hash][extname]`,
      },
    },
  },
  test: {
    include: ["tests/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    // A zone with an offset and with summer time, so that a mistake of one hour shows.
    env: { TZ: "Europe/Madrid" },
  },
  plugins: [
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "sw.ts",
      injectRegister: false,
      // The clinic app is no offline app: a patient's phone must never load or keep it.
      injectManifest: {
        globPatterns: ["index.html", "assets/**/*.{js,css}"],
        globIgnores: ["assets/clinic/**"],
        rollupFormat: "iife",
      },
      manifest: {
        id: "/",
        name: "Homestretch",
        short_name: "Homestretch",
        description: "Your home exercise plan.",
        start_url: "/",
        scope: "/",
        display: "standalone",
        orientation: "portrait",
        background_color: "#f3f6f6",
        theme_color: "#f3f6f6",
        icons: [
          { src: "/icons/icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
          { src: "/icons/icon-192.png", sizes: "192x192", type: "image/png", purpose: "any" },
          { src: "/icons/icon-512.png", sizes: "512x512", type: "image/png", purpose: "any" },
          { src: "/icons/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
    }),
  ],
});
