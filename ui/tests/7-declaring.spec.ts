import { expect, open, picture, sound, tabTo, test } from "./window";

test("an ICP is declared, changed, taken back and restored by keyboard", async ({
  page,
  ready,
}) => {
  await open(page, ready, "#/icp");
  await expect(page.getByRole("grid", { name: "Segments" })).toBeVisible({ timeout: 30_000 });
  await tabTo(page, /^Declare an ICP$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type("Best customers");
  const boxes = page.getByRole("checkbox");
  await page.keyboard.press("Tab");
  await expect(boxes.first()).toBeFocused();
  await page.keyboard.press("Space");
  await expect(boxes.first()).toBeChecked();
  const form = page.getByRole("form", { name: "Declare an ICP" });
  await expect(form).toContainText(/ is /);
  await expect(form).toContainText(/ of such customers/);
  await tabTo(page, /^Declare this ICP$/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("The ICP is declared. Every version is kept.")).toBeVisible();
  await expect(page.getByRole("heading", { name: /^Best customers/ })).toBeVisible();
  // It was made from the numbers of this page, which cannot bear it out.
  await expect(page.getByText("not checked yet")).toBeVisible();
  await expect(page.getByRole("button", { name: "Change it" })).toBeFocused();
  await picture(page, "icp-declared");
  await sound(page);

  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Save as version 2" })).toBeVisible();
  await page.getByRole("radio", { name: /What we believed/ }).check();
  await tabTo(page, /^Save as version 2$/);
  await page.keyboard.press("Enter");
  await expect(
    page.getByText(/^(validated|not distinguishable from the others|contradicted)$/),
  ).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/95 % intervals/).first()).toBeVisible();

  await tabTo(page, /^Take it back$/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("The ICP is taken back. Every version is kept.")).toBeVisible();
  await sound(page);
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await expect(page.getByRole("heading", { name: /^Best customers/ })).toContainText("version 4");
  await page.getByRole("button", { name: "Take it back" }).press("Enter");
  await expect(page.getByRole("button", { name: "Declare an ICP" })).toBeVisible();
});

test("one's own names are kept together, or not at all", async ({ page, ready }) => {
  await open(page, ready, "#/competitors");
  await page.getByRole("tab", { name: "List" }).click();
  const field = page.getByRole("textbox", { name: "More of your own names" });
  await field.fill("Nordwind, NW Desk");
  await field.press("Enter");
  await expect(page.getByRole("button", { name: "Remove Nordwind" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Remove NW Desk" })).toBeVisible();
  await sound(page);
  // A name of one letter is refused, and what was typed beside it is not kept either.
  await field.fill("Kept alone, X");
  await field.press("Enter");
  await expect(page.getByRole("alert")).toContainText("The list was not changed");
  await expect(page.getByRole("button", { name: "Remove Kept alone" })).toHaveCount(0);
  await page.getByRole("button", { name: "Remove NW Desk" }).press("Enter");
  await page.getByRole("button", { name: "Remove Nordwind" }).press("Enter");
  await expect(page.getByRole("button", { name: "Remove Nordwind" })).toHaveCount(0);
});
