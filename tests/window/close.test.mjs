// A window that is closed while it reads a portal: the work stops, nothing is lost, and the next
// start goes on from there.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { PASSPHRASE, Stage, TERMINAL, WINDOW } from "./stage.mjs";
import { Window, until } from "./webdriver.mjs";

const stage = new Stage();
let screen;
let driver;
let window;

before(async () => {
  const hubspot = await stage.hubspot();
  await terminal(["connect", "--token-stdin", "--api-base", hubspot.base_url, "--name", "Acme"], hubspot.token);
  screen = await stage.screen();
  driver = await stage.driver(screen);
  window = await Window.open(driver, WINDOW, []);
});

after(async () => {
  await window?.close().catch(() => {});
  await stage.end();
});

/** Runs the terminal's `plumbline` over the window's data; gives what it answers. */
async function terminal(args, input = "") {
  const child = stage.start(TERMINAL, ["--data-dir", stage.data, "--json", ...args], {
    env: { PLUMBLINE_PASSPHRASE: PASSPHRASE },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(input);
  let text = "";
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text);
}

function closeAsAPersonDoes() {
  const python = process.env.PLUMBLINE_TEST_PYTHON ?? "python3";
  const script = fileURLToPath(new URL("close.py", import.meta.url));
  const { status } = spawnSync(python, [script, screen], { stdio: ["ignore", "ignore", "inherit"] });
  assert.equal(status, 0);
}

const runs = async () => {
  const [{ id }] = await terminal(["portals"]);
  return (await terminal(["status", id])).runs;
};

test("closing the window stops the sync, and says so in the history", async () => {
  await window.click("link", "Sync");
  await window.click("button", "Read Acme");
  await window.get("progressbar");
  await until(async () => (await window.text()).match(/[1-9][\d,]* rows/) !== null, {
    what: async () => `rows to be read in:\n${await window.text()}`,
  });
  closeAsAPersonDoes();
  await until(async () => (await runs())[0].outcome === "cancelled", {
    what: async () => `the run to end: ${JSON.stringify(await runs())}`,
  });
  const [run] = await runs();
  assert.ok(run.rows > 0);
});

test("the next start goes on from there", async () => {
  await window.close().catch(() => {});
  window = await Window.open(driver, WINDOW, []);
  await window.click("link", "Sync");
  await window.click("button", "Read Acme");
  await window.waitForText(/Read what an earlier run had left: [\d,]+ rows in/, 300_000);
  const [run] = await runs();
  assert.deepEqual([run.outcome, run.kind], ["done", "resumed"]);
});
