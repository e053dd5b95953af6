import type { Page } from "@playwright/test";
import { expect, open, picture, sound, test } from "./window";

interface Screen {
  name: string;
  hash: string;
  /** Brings it into the state that is looked at. */
  prepare: (page: Page) => Promise<void>;
}

const tab = (name: RegExp) => async (page: Page) => {
  await page.getByRole("tab", { name }).click();
  await expect(page.getByRole("tabpanel")).toBeVisible();
};

const SCREENS: Screen[] = [
  {
    name: "forecast",
    hash: "#/forecast",
    prepare: async (page) => expect(page.getByRole("grid", { name: "Open deals" })).toBeVisible(),
  },
  { name: "forecast-stages", hash: "#/forecast", prepare: tab(/^Win rates/) },
  { name: "forecast-won", hash: "#/forecast", prepare: tab(/^Won so far/) },
  { name: "forecast-method", hash: "#/forecast", prepare: tab(/^Method/) },
  {
    name: "forecast-as-table",
    hash: "#/forecast",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Show as table" }).click();
      await expect(page.getByRole("grid", { name: /as a table$/ })).toBeVisible();
    },
  },
  {
    name: "forecast-figure",
    hash: "#/forecast",
    prepare: async (page) => {
      await page.locator("[data-figure]").first().getByRole("button").first().focus();
      await page.keyboard.press("s");
      await expect(page.getByText(/^sql\/read\//)).toBeVisible();
    },
  },
  {
    name: "forecast-deal",
    hash: "#/forecast",
    prepare: async (page) => {
      await page.getByRole("grid", { name: "Open deals" }).getByRole("row").nth(2).click();
      await expect(page.getByRole("complementary").getByRole("listitem").first()).toBeVisible();
    },
  },
  {
    name: "icp",
    hash: "#/icp",
    prepare: async (page) =>
      expect(page.getByRole("grid", { name: "Segments" })).toBeVisible({ timeout: 30_000 }),
  },
  {
    name: "icp-declaring",
    hash: "#/icp",
    prepare: async (page) => {
      await page.getByRole("button", { name: /^(Declare an ICP|Change it)$/ }).click();
      const form = page.getByRole("form", { name: /declare/i });
      await form.getByRole("checkbox").first().check();
      await expect(form).toContainText(/ of [\d,]+\sdeals created since/);
    },
  },
  {
    name: "competitors-list",
    hash: "#/competitors",
    prepare: async (page) => {
      await tab(/^List/)(page);
      await expect(page.getByRole("heading", { name: "Your own names" })).toBeVisible();
    },
  },
  {
    name: "scoring",
    hash: "#/scoring",
    prepare: async (page) => {
      // A model is learnt for the page where none is kept; whether it gives scores may differ by the day.
      const scores = page.getByRole("heading", { name: "Does the score mean what it says?" });
      const rates = page.getByRole("heading", { name: "What can be said without a score" });
      await expect(scores.or(rates).first()).toBeVisible({ timeout: 120_000 });
      await expect(page.getByText(/not advice/).first()).toBeVisible();
    },
  },
  {
    name: "activity",
    hash: "#/activity",
    prepare: async (page) =>
      expect(page.getByRole("grid", { name: "Ladders by activity" })).toBeVisible(),
  },
  {
    name: "changes",
    hash: "#/waterfall",
    prepare: async (page) => {
      const bars = page.getByRole("list", { name: "What moved the open pipeline" });
      await bars.getByRole("button").nth(1).click();
      await expect(page.getByRole("grid", { name: /^Deals of the line/ })).toBeVisible();
    },
  },
  {
    name: "writebacks",
    hash: "#/writebacks",
    prepare: async (page) => expect(page.getByText(/first one is made with/)).toBeVisible(),
  },
  {
    name: "sync",
    hash: "#/sync",
    prepare: async (page) =>
      expect(page.getByRole("grid", { name: "Runs of the sync" })).toBeVisible(),
  },
  {
    name: "portals",
    hash: "#/portals",
    prepare: async (page) => {
      await page.getByText("Set up and connect").click();
      await page.getByText("Paste and connect").click();
      await expect(page.getByLabel("Client secret")).toBeVisible();
    },
  },
  {
    name: "portals-rename",
    hash: "#/portals",
    prepare: async (page) => page.getByRole("button", { name: "Rename Acme GmbH" }).click(),
  },
  {
    name: "portals-forget",
    hash: "#/portals",
    prepare: async (page) => {
      await page.getByRole("button", { name: "Forget Acme GmbH" }).click();
      await expect(page.getByRole("dialog")).toContainText("removes from this machine, for good");
    },
  },
  {
    name: "keys",
    hash: "#/forecast",
    prepare: async (page) => {
      await expect(page.getByRole("tab").first()).toBeVisible();
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    },
  },
];

const LOOKS = [
  { theme: "light", width: 1280, height: 840 },
  { theme: "dark", width: 1280, height: 840 },
  { theme: "contrast", width: 1280, height: 840 },
  { theme: "light", width: 360, height: 760 },
  { theme: "dark", width: 820, height: 1000 },
];

for (const { theme, width, height } of LOOKS) {
  test(`every screen in ${theme} at ${width} px`, async ({ page, ready }) => {
    await page.setViewportSize({ width, height });
    await page.addInitScript((chosen) => {
      // Between two visits the page is blank, and a blank page keeps nothing.
      if (location.protocol === "http:") localStorage.setItem("plumbline.theme", chosen);
    }, theme);
    for (const screen of SCREENS) {
      await test.step(screen.name, async () => {
        await open(page, ready, screen.hash);
        await screen.prepare(page);
        await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
        await picture(page, `${screen.name}-${theme}-${width}`);
        await sound(page);
      });
    }
  });
}

test("the theme follows the system until one is chosen", async ({ page, ready }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page, ready, "#/forecast");
  const root = page.locator("html");
  await expect(root).toHaveAttribute("data-theme", "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expect(root).toHaveAttribute("data-theme", "light");
  await page.getByRole("button", { name: /^Theme/ }).click();
  await page.getByRole("button", { name: "Dark", exact: true }).click();
  await page.reload();
  await expect(root).toHaveAttribute("data-theme", "dark");
});
