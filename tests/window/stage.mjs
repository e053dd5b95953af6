// What the walk needs around the window: a screen, a driver, a HubSpot, and a browser to consent in.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { until } from "./webdriver.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Where pictures and logs of a run lie. */
export const OUTPUT = join(ROOT, "target/window");
mkdirSync(OUTPUT, { recursive: true });

/** Locks the secrets of a test's window. */
export const PASSPHRASE = "a passphrase for one test";

/** The programs under test; `cargo xtask test` says where it has built them. */
const built = (name) => process.env[`PLUMBLINE_TEST_${name}`] ?? join(ROOT, "target/debug", FILES[name]);
const FILES = { WINDOW: "plumbline-desktop", TERMINAL: "plumbline" };
export const WINDOW = built("WINDOW");
export const TERMINAL = built("TERMINAL");

/** Everything that was started, so that all of it ends with the test, whatever happens. */
export class Stage {
  #running = [];
  dir = mkdtempSync(join(tmpdir(), "plumbline-window-"));
  data = join(this.dir, "data");

  async end() {
    for (const child of this.#running.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      // The group, since a driver has a driver below it.
      process.kill(-child.pid, "SIGTERM");
      const harder = setTimeout(() => process.kill(-child.pid, "SIGKILL"), 5_000);
      await ended;
      clearTimeout(harder);
    }
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  start(program, args, { env = {}, stdio = ["ignore", "ignore", "inherit"] } = {}) {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio, detached: true });
    this.#running.push(child);
    return child;
  }

  /** A screen of its own, on a number that nobody else has; gives its name. */
  async screen() {
    const screen = ["-displayfd", "3", "-screen", "0", "1400x900x24", "-nolisten", "tcp"];
    const xvfb = this.start("Xvfb", screen, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    const [number] = await once(createInterface(xvfb.stdio[3]), "line");
    return `:${number}`;
  }

  /** A HubSpot on this machine with its limits off; gives the addresses that it prints. */
  async hubspot() {
    const args = ["sim", "serve", "--world", "demo", "--seed", "7", "--port", "0", "--limits", "off"];
    // It ends when its input does: even a test that is killed leaves no simulator behind.
    const sim = this.start(TERMINAL, args, { stdio: ["pipe", "pipe", "inherit"] });
    const [line] = await once(createInterface(sim.stdout), "line");
    return JSON.parse(line);
  }

  /** The driver, with an environment that its window inherits; gives its address. */
  async driver(display) {
    const [port, nativePort] = [await freePort(), await freePort()];
    const home = (name) => {
      const path = join(this.dir, name);
      mkdirSync(path, { mode: 0o700 });
      return path;
    };
    const env = {
      DISPLAY: display,
      PATH: `${this.#browser()}:${process.env.PATH}`,
      PLUMBLINE_DATA_DIR: this.data,
      PLUMBLINE_PASSPHRASE: PASSPHRASE,
      PLUMBLINE_MANY_INSTANCES: "1",
      XDG_DATA_HOME: home("share"),
      XDG_CONFIG_HOME: home("config"),
      XDG_CACHE_HOME: home("cache"),
      XDG_RUNTIME_DIR: home("run"),
    };
    const driver = process.env.PLUMBLINE_TEST_DRIVER ?? "tauri-driver";
    const ports = ["--port", `${port}`, "--native-port", `${nativePort}`];
    // The bus and the driver talk much and mean little; it is there when a run has failed.
    const said = openSync(join(OUTPUT, "driver.log"), "w");
    this.start("dbus-run-session", ["--", driver, ...ports], { env, stdio: ["ignore", said, said] });
    closeSync(said);
    const address = `http://127.0.0.1:${port}`;
    const answers = () => fetch(`${address}/status`).then((answer) => answer.ok, () => false);
    await until(answers, { what: () => "tauri-driver to listen" });
    return address;
  }

  /** Stands where the system's browser would be found, and gives consent as a person would. */
  #browser() {
    const bin = join(this.dir, "bin");
    mkdirSync(bin);
    const consent = fileURLToPath(new URL("consent.mjs", import.meta.url));
    const script = `#!/bin/sh\nexec "${process.execPath}" "${consent}" "$1"\n`;
    for (const name of ["xdg-open", "gio", "gnome-open", "kde-open", "wslview"]) {
      writeFileSync(join(bin, name), script);
      chmodSync(join(bin, name), 0o755);
    }
    return bin;
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
