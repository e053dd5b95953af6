import { Host } from "./host";
import { close, expect, open, picture, sound, tabTo, test } from "./window";

test("the main road, by keyboard alone: demo, sync, forecast, plan, approve, apply", async ({
  page,
}) => {
  const host = await Host.start({ passphrase: "a passphrase for the tests" });
  const { keyboard } = page;
  try {
    await open(page, host);
    await expect(page.getByRole("heading", { name: "Connect your first portal" })).toBeVisible();
    await tabTo(page, /^Start the demo portal$/);
    await keyboard.press("Enter");

    await expect(page.getByText("No copy of Demo portal is complete yet.")).toBeVisible();
    await tabTo(page, /^Read Demo portal$/);
    await keyboard.press("Enter");
    await expect(page.getByRole("progressbar")).toBeVisible();
    await expect(page.getByText(/step\s\d+ of \d+ · [\d,]+\srows/)).toBeVisible();
    await sound(page);
    await picture(page, "sync-running");
    // The rest of the window stays usable while it works.
    await keyboard.press("g");
    await keyboard.press("f");
    await expect(page.getByText("Nothing has been read from Demo portal yet.")).toBeVisible();
    await keyboard.press("g");
    await keyboard.press("s");
    await expect(page.getByText(/^Read everything: [\d,]+\srows in/)).toBeVisible({
      timeout: 200_000,
    });
    await picture(page, "sync-done");

    await keyboard.press("g");
    await keyboard.press("f");
    await expect(page.getByText(/will likely end between .+\sEUR \(4 in 5\)/)).toBeVisible();
    await tabTo(page, /^How the period may end\./);
    await keyboard.press("End");
    const chart = page.getByRole("slider", { name: /^How the period may end/ });
    await expect(chart).toHaveAttribute("aria-valuetext", /HubSpot's own stage probabilities/);
    await keyboard.press("Home");
    await expect(chart).toHaveAttribute("aria-valuetext", /closed so far/);

    await tabTo(page, /^Forecast.*EUR/s);
    await keyboard.press("s");
    await expect(page.getByLabel(/^SQL of/)).toContainText(/select/i);
    await keyboard.press("Escape");
    await keyboard.press("/");
    await expect(page.getByRole("searchbox")).toBeFocused();
    await tabTo(page, /^Open deals$/);
    await keyboard.press("ArrowDown");
    await keyboard.press("ArrowDown");
    await keyboard.press("Enter");
    const drawer = page.getByRole("complementary");
    await expect(drawer.getByRole("heading", { name: "What it said when" })).toBeVisible();
    await expect(drawer.getByRole("listitem").first()).toBeVisible();
    await keyboard.press("Escape");
    await expect(drawer).toBeHidden();
    await expect(page.getByRole("grid", { name: "Open deals" })).toBeFocused();

    await keyboard.press("g");
    await keyboard.press("w");
    await tabTo(page, /^Plan win probabilities$/);
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: /^Plan 1 · / })).toBeVisible();
    const approve = page.getByRole("button", { name: /^Approve [\d,]+\schanges in Demo portal$/ });
    const verb = (await approve.innerText()).replaceAll("\u00a0", " ");
    await tabTo(page, /^Approve/);
    await keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("sends nothing yet");
    await sound(page);
    await picture(page, "plan-approve");
    await tabTo(page, /^Approve/);
    await keyboard.press("Enter");
    await expect(page.getByText("approved, not sent")).toBeVisible();

    await tabTo(page, /^Apply/);
    await keyboard.press("Enter");
    await expect(dialog).toContainText("HubSpot will hold the new values");
    await tabTo(page, /^Apply/);
    await keyboard.press("Enter");
    await expect(page.getByText("HubSpot holds every value of this plan.")).toBeVisible();
    const changes = /[\d,]+/.exec(verb)?.[0] ?? "";
    await expect(page.getByText(`${changes} confirmed.`)).toBeVisible();
    await sound(page);

    // A second plan finds nothing left to do.
    await page.getByRole("button", { name: "All plans" }).press("Enter");
    await page.getByRole("button", { name: "Plan win probabilities" }).press("Enter");
    await expect(page.getByText("HubSpot already holds every value")).toBeVisible();
  } finally {
    await close(page);
    await host.stop();
  }
});
