import { Host } from "./host";
import { close, expect, open, picture, sound, test } from "./window";

test("a passphrase locks the secrets where no keychain answers", async ({ page }) => {
  let host = await Host.start({});
  try {
    await open(page, host);
    await expect(page.getByRole("heading", { name: "Choose a passphrase" })).toBeVisible();
    await sound(page);
    await picture(page, "new-passphrase");

    await page.getByLabel("Passphrase", { exact: true }).fill("four words and more");
    await page.getByLabel("The same once more").fill("four words and less");
    await page.getByRole("button", { name: "Lock with this passphrase" }).click();
    await expect(page.getByText("The two passphrases differ.")).toBeVisible();
    await sound(page);

    await page.getByLabel("The same once more").fill("four words and more");
    await page.getByRole("button", { name: "Lock with this passphrase" }).click();
    await expect(page.getByRole("heading", { name: "Connect your first portal" })).toBeVisible();
    await sound(page);
    await picture(page, "portals-empty");

    await close(page);
    await host.stop(true);
    host = await Host.start({ dataDir: host.dataDir });
    await open(page, host);
    await expect(page.getByRole("heading", { name: "Unlock Plumbline" })).toBeVisible();
    await page.getByLabel("Passphrase").fill("something else");
    await page.getByRole("button", { name: "Unlock" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await sound(page);
    await picture(page, "wrong-passphrase");

    await page.getByLabel("Passphrase").fill("four words and more");
    await page.getByRole("button", { name: "Unlock" }).click();
    await expect(page.getByRole("heading", { name: "Connect your first portal" })).toBeVisible();
  } finally {
    await close(page);
    await host.stop();
  }
});
