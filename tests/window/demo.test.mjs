// The demo is one word away: what `cargo xtask demo` starts shows the demo portal by itself.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { OUTPUT, Stage, WINDOW } from "./stage.mjs";
import { Window } from "./webdriver.mjs";

const stage = new Stage();
let window;

before(async () => {
  const driver = await stage.driver(await stage.screen());
  window = await Window.open(driver, WINDOW, ["--demo"]);
});

after(async () => {
  await window?.close().catch(() => {});
  await stage.end();
});

test("the demo portal is connected over OAuth without a click", async () => {
  await window.get("button", "Read Demo portal", 60_000);
  writeFileSync(join(OUTPUT, "demo.png"), await window.screenshot());
});

test("it can be stopped while it is read, and goes on from there", async () => {
  await window.click("button", "Read Demo portal");
  await window.get("progressbar");
  await window.click("button", /^(Cancel|Stop)/);
  const [, kept] = await window.waitForText(/Stopped after ([\d,]+) rows?\. What was read is kept/);
  assert.ok(kept.length > 0);
  await window.get("button", "Read Demo portal");
});
