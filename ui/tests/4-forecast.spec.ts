import { expect, open, picture, sound, test } from "./window";

test("the time machine shows the past and writes nothing there", async ({ page, ready }) => {
  await open(page, ready, "#/forecast");
  const finding = page.getByText(/will likely end between|is over:|cannot be told yet/);
  await expect(finding).toBeVisible();
  const now = await finding.innerText();

  await page.keyboard.press("t");
  await page.getByRole("button", { name: "Three months ago" }).click();
  await expect(page.getByText(/^As seen on/)).toBeVisible();
  await expect(finding).not.toHaveText(now);
  await sound(page);
  await picture(page, "forecast-past");

  await page.keyboard.press("g");
  await page.keyboard.press("w");
  const plan = page.getByRole("button", { name: /^Plan win probabilities/ });
  await expect(plan).toHaveAttribute("aria-disabled", "true");
  await expect(plan).toHaveAccessibleDescription(/disabled while the window shows the past/);
  await plan.press("Enter");
  await expect(page.getByRole("progressbar")).toBeHidden();
  expect(await ready.call("plans", { portal: await portalOf(ready) })).toEqual([]);

  await page.getByRole("button", { name: "Back to now" }).click();
  await expect(page.getByText(/^As seen on/)).toBeHidden();
  await expect(plan).not.toHaveAttribute("aria-disabled", "true");
});

test("what the window shows is what the program says", async ({ page, ready }) => {
  const portal = await portalOf(ready);
  const args = {
    portal,
    period: { kind: "this_quarter" as const },
    as_of: null,
    pipeline: null,
  };
  const { report, pipelines } = await ready.call("forecast", args);
  await open(page, ready, "#/forecast");
  await expect(
    page.getByRole("tab", { name: `Open deals (${report.deals.length})` }),
  ).toBeVisible();
  await expect(page.getByRole("tab", { name: `Won so far (${report.won.length})` })).toBeVisible();
  const grid = page.getByRole("grid", { name: "Open deals" });
  await expect(grid).toHaveAttribute("aria-rowcount", String(report.deals.length + 1));
  // Only the rows in view are drawn.
  expect(await grid.getByRole("row").count()).toBeLessThan(40);

  const narrower = pipelines[0];
  if (narrower === undefined) throw new Error("the demo has pipelines");
  const one = await ready.call("forecast", { ...args, pipeline: narrower.id });
  await page.getByLabel("Pipeline", { exact: true }).selectOption({ label: narrower.label });
  await expect(
    page.getByRole("tab", { name: `Open deals (${one.report.deals.length})` }),
  ).toBeVisible();
  expect(page.url()).toContain("pipeline=");

  await page.getByLabel("Period", { exact: true }).selectOption({ label: "Next quarter" });
  await expect(page.getByRole("heading", { level: 1 })).not.toContainText(report.period.label);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(report.period.label);
});

test("the deals can be searched, sorted and walked", async ({ page, ready }) => {
  const { report } = await ready.call("forecast", {
    portal: await portalOf(ready),
    period: { kind: "this_quarter" },
    as_of: null,
    pipeline: null,
  });
  const stage = report.deals[0]?.stage_label ?? "";
  const found = report.deals.filter((deal) => {
    const text = [deal.name, deal.stage_label, deal.owner_name, deal.id].join(" ").toLowerCase();
    return stage
      .toLowerCase()
      .split(" ")
      .every((word) => text.includes(word));
  });
  await open(page, ready, "#/forecast");
  const grid = page.getByRole("grid", { name: "Open deals" });
  await expect(grid).toBeVisible();

  await page.keyboard.press("/");
  await page.keyboard.type(stage);
  await expect(page.getByRole("status").filter({ hasText: /^\d+ of \d+$/ })).toHaveText(
    `${found.length} of ${report.deals.length}`,
  );
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");

  const amount = page.getByRole("columnheader", { name: /^Amount/ });
  await amount.getByRole("button").click();
  await expect(amount).toHaveAttribute("aria-sort", "descending");
  await amount.getByRole("button").click();
  await expect(amount).toHaveAttribute("aria-sort", "ascending");

  await grid.focus();
  await page.keyboard.press("End");
  await expect(grid).toHaveAttribute("aria-activedescendant", /\d/);
  await expect(grid.locator(`[aria-rowindex="${report.deals.length + 1}"]`)).toBeInViewport();
});

async function portalOf(host: Parameters<typeof open>[1]): Promise<string> {
  const [portal] = await host.call("portals", {});
  if (portal === undefined) throw new Error("the host has a portal");
  return portal.id;
}
