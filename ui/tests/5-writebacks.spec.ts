import { Host } from "./host";
import { expect, open, picture, sound, test } from "./window";

const PROPERTY = "plumbline_win_probability";

test("what was approved is written, what changed meanwhile is left alone, and all can be undone", async ({
  page,
  ready,
}) => {
  const [portal] = await ready.call("portals", {});
  if (portal === undefined) throw new Error("the host has a portal");

  await test.step("plan, approve, apply", async () => {
    await open(page, ready, "#/writebacks");
    await page.getByRole("button", { name: "Plan win probabilities" }).click();
    await page.getByRole("button", { name: /^Approve/ }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Approve/ })
      .click();
    await page.getByRole("button", { name: /^Apply/ }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Apply/ })
      .click();
    await expect(page.getByText("HubSpot holds every value of this plan.")).toBeVisible();
  });

  await test.step("the simulator's ledger shows exactly the approved values", async () => {
    const [summary] = await ready.call("plans", { portal: portal.id });
    const plan = await ready.call("plan", { portal: portal.id, plan: summary?.plan ?? 0 });
    const approved = new Map(plan.changes.map((change) => [change.record, change.new]));
    expect(await writtenTo(ready)).toEqual(approved);
  });

  await test.step("a week later somebody is faster", async () => {
    await ready.control("post", "advance", { days: 21 });
    await ready.call("sync", { job: "again", portal: portal.id });
    await page.getByRole("button", { name: "All plans" }).click();
    await page.getByRole("button", { name: "Plan win probabilities" }).click();
    await expect(page.getByRole("heading", { name: /^Plan 2 · / })).toBeVisible();
    const plan = await ready.call("plan", { portal: portal.id, plan: 2 });
    const taken = plan.changes[0];
    if (taken === undefined) throw new Error("three weeks change something");
    await ready.hubspot("/crm/objects/2026-09/deals/batch/update", {
      inputs: [{ id: taken.record, properties: { [PROPERTY]: "1.5" } }],
    });
    await page.getByRole("button", { name: /^Approve/ }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Approve/ })
      .click();
    await page.getByRole("button", { name: /^Apply/ }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Apply/ })
      .click();
    await expect(page.getByText(/1 changed meanwhile\./)).toBeVisible();
    await page.getByLabel("Show").selectOption({ label: "changed meanwhile (1)" });
    await expect(page.getByRole("grid", { name: "Changes" })).toHaveAttribute("aria-rowcount", "2");
    await sound(page);
    await picture(page, "plan-applied-conflict");
  });

  await test.step("the second plan is taken back", async () => {
    const before = await ready.call("plan", { portal: portal.id, plan: 2 });
    await page.getByRole("button", { name: /^Plan to take .* back$/ }).click();
    await expect(page.getByRole("heading", { name: /^Plan 3 · / })).toBeVisible();
    await expect(page.getByRole("link", { name: "plan 2" })).toBeVisible();
    await picture(page, "plan-undo");
    const undo = await ready.call("plan", { portal: portal.id, plan: 3 });
    const old = new Map(
      before.changes
        .filter((change) => change.state === "confirmed")
        .map((change) => [change.record, change.old]),
    );
    expect(new Map(undo.changes.map((change) => [change.record, change.new]))).toEqual(old);
  });

  await test.step("a plan that is put aside can no longer be approved", async () => {
    await page.getByRole("button", { name: "Put aside" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Put plan 3 aside" }).click();
    await expect(page.getByText("put aside", { exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: /^Approve/ })).toBeHidden();
    await page.getByRole("button", { name: "All plans" }).click();
    await expect(page.getByRole("grid", { name: "Plans" }).getByRole("row")).toHaveCount(4);
    await sound(page);
    await picture(page, "writebacks-history");
  });
});

/** The values of our property that the simulator was told, by record; the last one counts. */
async function writtenTo(host: Host): Promise<Map<string, string | null>> {
  const ledger = await host.control<Record<string, unknown>[]>("get", "ledger");
  const written = new Map<string, string | null>();
  for (const entry of ledger) {
    const text = JSON.stringify(entry);
    if (!text.includes(PROPERTY)) continue;
    for (const { id, properties } of inputsOf(entry)) {
      if (PROPERTY in properties) written.set(id, properties[PROPERTY] ?? null);
    }
  }
  return written;
}

type Input = { id: string; properties: Record<string, string> };

function inputsOf(entry: unknown): Input[] {
  if (Array.isArray(entry)) return entry.flatMap(inputsOf);
  if (typeof entry !== "object" || entry === null) return [];
  const { id, properties } = entry as Partial<Input>;
  if (typeof id === "string" && typeof properties === "object") return [{ id, properties }];
  return Object.values(entry).flatMap(inputsOf);
}
