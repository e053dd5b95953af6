import { defineConfig } from "@playwright/test";

/** The window's screens in headless Chromium over the real use cases; the `browser-host` crate
 * serves both. See tests/host.ts. */
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results/failures",
  globalSetup: "./tests/build.ts",
  // One host holds one portal's files, and two cores are all there is.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env["CI"]),
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 840 },
    colorScheme: "light",
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["PLUMBLINE_CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
