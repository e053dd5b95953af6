import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test as base, type Page } from "@playwright/test";
import { Host } from "./host";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

interface WorkerFixtures {
  /** A host whose portal is connected and read: "Acme GmbH", of 400 deals. */
  ready: Host;
}

interface Fixtures {
  /** Fails the test when the page complains on the console. On for every test. */
  quiet: undefined;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  ready: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const host = await Host.start({ passphrase: "a passphrase for the tests", deals: 400 });
      const portal = await host.call("connect", {
        job: "connect",
        way: { kind: "token", token: host.sim?.token ?? "" },
        name: "Acme GmbH",
        api_base: host.sim?.base_url ?? null,
      });
      await host.call("sync", { job: "sync", portal: portal.id });
      await use(host);
      await host.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  quiet: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("console", (message) => {
        // A refused call is told by its status too; that line is the browser's, not the page's.
        const refusal = message.text().includes("status of 422");
        if (["error", "warning"].includes(message.type()) && !refusal) {
          complaints.push(message.text());
        }
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      await use(undefined);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Opens the window at an address such as `#/forecast`. */
export async function open(page: Page, host: Host, hash = ""): Promise<void> {
  await page.goto(host.url);
  if (hash === "") return;
  await page.goto("about:blank");
  await page.goto(`${host.origin}/${hash}`);
}

/** Leaves the window, as closing it does: its stream of events ends before its host does. */
export async function close(page: Page): Promise<void> {
  await page.goto("about:blank");
}

/** No rule of WCAG 2.2 AA is broken, and nothing hangs out of the window. */
export async function sound(page: Page): Promise<void> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (tags) => {
    const { axe } = window as unknown as {
      axe: {
        run: (
          where: Document,
          options: object,
        ) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      };
    };
    const found = await axe.run(document, { runOnly: tags });
    return found.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
  }, RULES);
  expect(violations).toEqual([]);
  const overhang = await page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth,
  );
  expect(overhang).toBeLessThanOrEqual(0);
}

/** Keeps a picture for a person to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test-results/screens/${name}.png` });
}

/** Presses Tab until something of this name has the focus. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let press = 0; press < 120; press++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
    });
    if (name.test(focused)) return;
  }
  throw new Error(`no way by keyboard to ${name}`);
}
