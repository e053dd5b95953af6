import type { Page } from "@playwright/test";
import type { Host } from "./host";
import { expect, open, picture, sound, test } from "./window";

const PROPERTY = "plumbline_win_probability";

test("what was approved is written, what changed meanwhile is left alone, and it can be undone", async ({
  page,
  ready,
}) => {
  const [portal] = await ready.call("portals", {});
  if (portal === undefined) throw new Error("the host has a portal");
  const planOf = (plan: number) => ready.call("plan", { portal: portal.id, plan });
  const somebodySets = (records: string[], value: string) =>
    ready.hubspot("/crm/objects/2026-09/deals/batch/update", {
      inputs: records.map((id) => ({ id, properties: { [PROPERTY]: value } })),
    });

  await test.step("plan, approve, apply", async () => {
    await open(page, ready, "#/writebacks");
    await page.getByRole("button", { name: "Plan win probabilities" }).click();
    await approveAndApply(page);
    await expect(page.getByText("HubSpot holds every value of this plan.")).toBeVisible();
  });

  await test.step("the simulator's ledger shows exactly the approved values", async () => {
    const { changes } = await planOf(1);
    expect(changes.length).toBeGreaterThan(20);
    expect(await writtenTo(ready)).toEqual(
      new Map(changes.map((change) => [change.record, change.new])),
    );
  });

  await test.step("somebody changes five values, and one of them again before we write", async () => {
    const { changes } = await planOf(1);
    const five = changes.slice(0, 5).map((change) => change.record);
    await somebodySets(five, "1.5");
    await ready.call("sync", { job: "again", portal: portal.id });
    await page.getByRole("button", { name: "All plans" }).click();
    await page.getByRole("button", { name: "Plan win probabilities" }).click();
    await expect(page.getByRole("heading", { name: /^Plan 2 · / })).toBeVisible();
    const plan = await planOf(2);
    expect(new Map(plan.changes.map((change) => [change.record, change.old]))).toEqual(
      new Map(five.map((record) => [record, "1.5"])),
    );
    await somebodySets(five.slice(0, 1), "2.5");
    await approveAndApply(page);
    await expect(page.getByText("4 confirmed, 1 changed meanwhile.")).toBeVisible();
    expect((await writtenTo(ready)).get(five[0] ?? "")).toBe("2.5");

    await page.getByLabel("Show").selectOption({ label: "changed meanwhile (1)" });
    await expect(page.getByRole("grid", { name: "Changes" })).toHaveAttribute("aria-rowcount", "2");
    await sound(page);
    await picture(page, "plan-applied-conflict");
  });

  await test.step("the second plan is taken back", async () => {
    await page.getByRole("button", { name: /^Plan to take .* back$/ }).click();
    await expect(page.getByRole("heading", { name: /^Plan 3 · / })).toBeVisible();
    await expect(page.getByRole("link", { name: "plan 2" })).toBeVisible();
    await picture(page, "plan-undo");
    const confirmed = (await planOf(2)).changes.filter((change) => change.state === "confirmed");
    const undo = await planOf(3);
    expect(new Map(undo.changes.map((change) => [change.record, change.new]))).toEqual(
      new Map(confirmed.map((change) => [change.record, change.old])),
    );
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

async function approveAndApply(page: Page): Promise<void> {
  for (const step of [/^Approve/, /^Apply/]) {
    await page.getByRole("button", { name: step }).click();
    await page.getByRole("dialog").getByRole("button", { name: step }).click();
  }
}

/** One property written by a client, as the simulator keeps it. */
interface Written {
  id: string;
  property: string;
  new: string | null;
}

/** The values of our property in the simulator's ledger, by record; the last one counts. */
async function writtenTo(host: Host): Promise<Map<string, string | null>> {
  const ledger = await host.control<Written[]>("get", "ledger");
  const ours = ledger.filter(({ property, id }) => property === PROPERTY && /^\d+$/.test(id));
  return new Map(ours.map((entry) => [entry.id, entry.new]));
}
