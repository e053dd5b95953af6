import { Host } from "./host";
import { close, expect, open, picture, sound, test } from "./window";

test("each trouble says what happened, what is safe and what to do", async ({ page }) => {
  const host = await Host.start({ passphrase: "a passphrase for the tests", deals: 200 });
  const { sim } = host;
  if (sim === null) throw new Error("the host has a simulator");
  const problem = page.getByRole("alert");

  async function byToken(token: string, address: string): Promise<void> {
    await page.getByLabel("Token", { exact: true }).fill(token);
    await page.getByLabel("Address").last().fill(address);
    await page.getByRole("button", { name: "Connect with this token" }).click();
  }

  try {
    await open(page, host);
    await page.getByText("Paste and connect").click();
    await page.getByRole("button", { name: "Connect with this token" }).click();
    await expect(page.getByText("Paste the token.")).toBeVisible();
    await page.getByText("For a simulator on this machine").last().click();

    await test.step("another host than HubSpot or this machine", async () => {
      await byToken(sim.token, "http://example.com");
      await expect(problem).toBeVisible();
      await sound(page);
      await picture(page, "error-address");
    });

    await test.step("a token that HubSpot does not know", async () => {
      await byToken("pat-na1-not-a-token", sim.base_url);
      await expect(problem).toContainText(/token/i);
      // Neither the page nor the field keeps it.
      await expect(page.getByLabel("Token", { exact: true })).toHaveValue("");
      expect(await page.content()).not.toContain("pat-na1-not-a-token");
      await sound(page);
      await picture(page, "error-token");
    });

    await test.step("OAuth with an own app, over the consent page", async () => {
      await page.getByText("Set up and connect").click();
      await page.getByLabel("Client ID").fill(sim.client_id);
      await page.getByLabel("Client secret").fill(sim.client_secret);
      await page.getByLabel("Name of the portal here").first().fill("Nordwind");
      await page.getByText("For a simulator on this machine").first().click();
      await page.getByLabel("Address").first().fill(sim.base_url);
      await page.getByRole("button", { name: "Consent in the browser" }).click();
      await expect(page.getByRole("button", { name: "Read Nordwind" })).toBeVisible();
      expect(await page.content()).not.toContain(sim.client_secret);
    });

    await test.step("a sync that is stopped and goes on", async () => {
      await host.control("post", "faults", { contains: "/contacts", delayMs: 400 });
      await page.getByRole("button", { name: "Read Nordwind" }).click();
      await expect(page.getByText(/\d\srows?/).first()).toBeVisible();
      await page.getByRole("button", { name: "Cancel" }).click();
      await expect(page.getByRole("progressbar")).toBeHidden();
      await expect(page.getByText("cancelled", { exact: true })).toBeVisible();
      await picture(page, "sync-cancelled");
      await host.control("delete", "faults");
      await page.getByRole("button", { name: "Read Nordwind" }).click();
      await expect(
        page.getByText(/^Read what an earlier run had left: [\d,]+\srows? in/),
      ).toBeVisible({ timeout: 120_000 });
      await expect(page.getByText("It went on where the run before had stopped.")).toBeVisible();
    });

    await test.step("a token that is revoked", async () => {
      await host.control("post", "revoke");
      await host.control("post", "expire");
      await page.getByRole("button", { name: "Sync Nordwind" }).click();
      await expect(problem).toBeVisible();
      await sound(page);
      await picture(page, "error-revoked");
      await page.getByRole("button", { name: "Open portals to reconnect" }).click();
      await expect(page.getByText(/^disconnected since/)).toBeVisible();
      await sound(page);
      await picture(page, "portals-disconnected");
    });

    await test.step("the same portal, connected again in its row", async () => {
      await page.getByRole("button", { name: "Reconnect Nordwind" }).click();
      await expect(page.getByText(/^Connected again/)).toBeVisible();
      await expect(page.getByText(/^disconnected since/)).toBeHidden();
      await expect(page.getByRole("button", { name: "Reconnect Nordwind" })).toBeHidden();
      await sound(page);
      await picture(page, "portals-reconnected");
    });

    await test.step("forgetting, by its exact effect", async () => {
      await page.getByRole("button", { name: "Forget Nordwind" }).click();
      const dialog = page.getByRole("dialog", { name: "Forget Nordwind?" });
      await page.keyboard.press("Escape");
      await expect(dialog).toBeHidden();
      await expect(page.getByRole("button", { name: "Forget Nordwind" })).toBeFocused();
      await page.getByRole("button", { name: "Forget Nordwind" }).click();
      await dialog.getByRole("button", { name: "Forget Nordwind on this machine" }).click();
      await expect(page.getByText(/^Forgot Nordwind: \d+\sfiles? removed/)).toBeVisible();
      await expect(page.getByRole("heading", { name: "Connect your first portal" })).toBeVisible();
      expect(await host.call("portals", {})).toEqual([]);
    });
  } finally {
    await close(page);
    await host.stop();
  }
});
