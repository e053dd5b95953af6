import { close, expect, open, sound, test } from "./window";
import { Host } from "./host";

test("the check that every screen passes can fail", async ({ page }) => {
  const host = await Host.start({});
  try {
    await open(page, host);
    await expect(page.getByRole("heading", { name: "Choose a passphrase" })).toBeVisible();
    await sound(page);
    await page.evaluate(() => document.querySelector("label")?.remove());
    await expect(sound(page)).rejects.toThrow("label");
  } finally {
    await close(page);
    await host.stop();
  }
});
