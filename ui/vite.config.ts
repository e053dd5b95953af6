import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  resolve: { alias: { $lib: fileURLToPath(new URL("./src/lib", import.meta.url)) } },
  build: {
    // WebKitGTK of Debian 12 and WKWebView of macOS 13 are the oldest engines the window runs on.
    target: "safari16",
    // The content policy allows no data: fonts, so small files stay files.
    assetsInlineLimit: 0,
    // The polyfill would be an inline script on old engines; ours know modulepreload.
    modulePreload: { polyfill: false },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/testing/setup.ts"],
    testTimeout: 60_000,
    // Dates are written in the portal's zone; a machine's own zone must not show through.
    env: { TZ: "Pacific/Auckland" },
  },
});
