// The main road, walked in the real window: the shell, its permissions and its content policy, the
// system's web view, the pages, the use cases, and a HubSpot that counts what it is told.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { OUTPUT, PASSPHRASE, Stage, WINDOW } from "./stage.mjs";
import { Window, until } from "./webdriver.mjs";

/** Reading 50,000 records takes a debug build some time. */
const A_SYNC_MS = 300_000;
const PORTAL = "Acme Pumps";

const stage = new Stage();
/** Deals' names, as they came by on the screen. */
const names = [];
let hubspot;
let window;

before(async () => {
  hubspot = await stage.hubspot();
  const driver = await stage.driver(await stage.screen());
  window = await Window.open(driver, WINDOW, []);
  // Whatever goes wrong in the pages from here on is found at the end.
  await window.run(`
    window.__complaints = [];
    addEventListener("error", (event) => __complaints.push("error: " + event.message));
    addEventListener("unhandledrejection", (event) => __complaints.push("rejected: " + event.reason));
    addEventListener("securitypolicyviolation", (event) =>
      __complaints.push("policy: " + event.violatedDirective + " " + event.blockedURI));
    const error = console.error;
    console.error = (...words) => { __complaints.push("console: " + words.join(" ")); error(...words); };
  `);
});

after(async () => {
  await window?.close().catch(() => {});
  await stage.end();
});

/** Keeps a picture for whoever looks at the run. */
async function picture(name) {
  writeFileSync(join(OUTPUT, `${name}.png`), await window.screenshot());
}

const ledger = async () => (await fetch(`${hubspot.control_url}/ledger`)).json();

test("a portal is connected through the system's browser", async () => {
  await window.click("button", "Set up and connect");
  await window.type("textbox", "Client ID", hubspot.client_id);
  await window.type("textbox", "Client secret", hubspot.client_secret);
  await window.type("textbox", /^Name of the portal here/, PORTAL);
  await window.click("button", "For a simulator on this machine");
  await window.type("textbox", /^Address/, hubspot.base_url);
  await picture("1-connect");
  await window.click("button", "Consent in the browser");
  await window.get("button", `Read ${PORTAL}`, 60_000);
  await until(async () => (await window.title()).includes(PORTAL), {
    what: async () => `the portal's name in the title, which is ${await window.title()}`,
  });
});

test("it is read into an encrypted copy", async () => {
  await window.click("button", `Read ${PORTAL}`);
  await window.get("progressbar");
  await picture("2-sync");
  const [, rows] = await window.waitForText(/Read everything: ([\d,]+) rows in/, A_SYNC_MS);
  assert.ok(Number(rows.replace(/\D/g, "")) > 45_000, `only ${rows} rows were read`);
  await picture("3-synced");
});

test("the forecast says how sure it is", async () => {
  await window.click("button", "See the forecast");
  await window.get("grid", /./, 60_000);
  const [, open] = await window.waitForText(/Open deals \((\d+)\)/);
  assert.ok(Number(open) > 100, `only ${open} open deals`);
  await picture("4-forecast");
});

test("exactly what was approved in the window arrives in HubSpot", async () => {
  assert.deepEqual(await ledger(), [], "something was written before anything was approved");
  await window.click("link", "Writebacks");
  await window.click("button", "Plan win probabilities");
  const [, count] = await window.waitForText(/Approve (\d[\d,.]*) changes in/, 60_000);
  const changes = Number(count.replace(/\D/g, ""));
  const seen = await changesOnScreen();
  assert.equal(seen.size, changes, "the list shows every change once");
  await picture("5-plan");

  // The portal was connected for reading; writing is consented to when it is wanted.
  const allow = "Allow writing in HubSpot";
  await window.click("button", allow);
  await until(async () => !(await window.has("button", allow)) && !(await window.has("progressbar")), {
    patience: 60_000,
    what: async () => `consent to writing:\n${await window.text()}`,
  });

  const approve = `Approve ${count} changes in ${PORTAL}`;
  await window.click("button", approve);
  await window.get("dialog", /^Approve/);
  await picture("6-approve");
  await window.click("button", approve);
  const apply = `Apply ${count} changes in ${PORTAL}`;
  await window.get("button", apply);
  assert.deepEqual(await ledger(), [], "approving has sent something already");

  await window.click("button", apply);
  await window.get("dialog", /^Send/);
  await window.click("button", apply);
  await window.waitForText(/HubSpot holds every value of this plan/, 120_000);
  await picture("7-applied");

  const told = await ledger();
  const isDefinition = ({ property }) => property.startsWith("(");
  assert.deepEqual(
    told.filter(isDefinition).map(({ property }) => property),
    ["(create group)", "(create property)"],
  );
  const written = new Map();
  for (const { objectType, id, property, new: value } of told.filter((one) => !isDefinition(one))) {
    assert.equal(objectType, "deals");
    assert.equal(property, "plumbline_win_probability");
    assert.ok(!written.has(id), `deal ${id} was written twice`);
    written.set(id, value);
  }
  assert.deepEqual(sorted(written), sorted(seen));
});

test("a second plan finds nothing left to write", async () => {
  const before = (await ledger()).length;
  await window.click("link", "Writebacks");
  await window.click("button", "Plan win probabilities");
  await window.waitForText(/HubSpot already holds every value: nothing would change/, 60_000);
  assert.equal((await ledger()).length, before);
});

test("what was read and what opens it lies nowhere in clear", async () => {
  const [name] = names;
  assert.ok(name.length > 8, `"${name}" would be found by chance`);
  const canaries = [hubspot.client_secret, hubspot.token, PORTAL, name, PASSPHRASE];
  // Not the portals' folder alone: also what the web view keeps for itself.
  const files = readdirSync(stage.dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  assert.ok(files.some((file) => file.endsWith(".log")), `no log among ${files}`);
  assert.ok(files.some((file) => statSync(file).size > 1_000_000), `no copy among ${files}`);
  for (const file of files) {
    const held = readFileSync(file);
    for (const canary of canaries) {
      assert.ok(!held.includes(canary), `${file} holds canary ${canaries.indexOf(canary)}`);
    }
  }
  for (const process of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const line = readArguments(process);
    for (const canary of canaries) {
      assert.ok(!line.includes(canary), `an argument holds canary ${canaries.indexOf(canary)}`);
    }
  }
});

test("the page had nothing to complain about, and reaches nothing outside", async () => {
  assert.deepEqual(await window.run("return window.__complaints"), []);
  const reached = await window.run(
    `return fetch(arguments[0]).then(() => "reached", () => "refused")`,
    hubspot.base_url,
  );
  assert.equal(reached, "refused");
  await window.run("window.location.href = arguments[0]", hubspot.base_url);
  const here = await window.run(
    "return new Promise((tell) => setTimeout(() => tell(location.protocol), 500))",
  );
  assert.equal(here, "tauri:");
});

/** A process's arguments; nothing when it has ended meanwhile. */
function readArguments(process) {
  try {
    return readFileSync(`/proc/${process}/cmdline`);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Every change that the list shows, read from top to bottom as a person would: deal -> new value. */
async function changesOnScreen() {
  const seen = new Map();
  let rows = Infinity;
  for (let top = 0; seen.size < rows; top += 300) {
    const view = await window.run(READ_CHANGES, top);
    rows = view.rows;
    view.shown.forEach(({ id, value, name }) => {
      seen.set(id, value);
      names.push(name);
    });
    if (top > view.height) break;
  }
  return seen;
}

const READ_CHANGES = `
  const grid = document.querySelector('[role=grid][aria-label=Changes]');
  grid.scrollTop = arguments[0];
  return new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(() => {
    const heads = [...grid.querySelectorAll("[role=columnheader]")].map((head) => head.innerText.trim());
    const column = (row, name) => row.querySelectorAll("[role=gridcell]")[heads.indexOf(name)].innerText.trim();
    const rows = [...grid.querySelectorAll("[role=row]")].filter((row) => row.querySelector("[role=gridcell]"));
    tell({
      rows: Number(grid.getAttribute("aria-rowcount")) - 1,
      height: grid.scrollHeight,
      shown: rows.map((row) => ({
        id: column(row, "HubSpot ID"),
        value: column(row, "New"),
        name: column(row, "Record"),
      })),
    });
  })));
`;

const sorted = (map) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
