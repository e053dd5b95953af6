import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { request, type APIRequestContext } from "@playwright/test";
import type { Calls } from "../src/lib/bindings";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** How to get into the simulator that the host started. */
export interface Simulator {
  base_url: string;
  client_id: string;
  client_secret: string;
  token: string;
  control_url: string;
}

export interface HostOptions {
  /** Opens the vault at the start; without one the window asks for it. */
  passphrase?: string;
  /** Starts a simulator with so many deals. */
  deals?: number;
  /** The folder of an earlier host. */
  dataDir?: string;
}

/** A running host: the window's pages over the real use cases, in a folder of its own. */
export class Host {
  private constructor(
    readonly url: string,
    readonly sim: Simulator | null,
    readonly dataDir: string,
    private readonly child: ChildProcess,
    private readonly api: APIRequestContext,
  ) {}

  static async start({ passphrase, deals, dataDir }: HostOptions): Promise<Host> {
    const folder = dataDir ?? mkdtempSync(join(tmpdir(), "plumbline-ui-"));
    const env = { ...process.env };
    // No test may reach a real keychain, nor a vault of the person who runs it.
    delete env["DBUS_SESSION_BUS_ADDRESS"];
    delete env["PLUMBLINE_PASSPHRASE"];
    if (passphrase !== undefined) env["PLUMBLINE_PASSPHRASE"] = passphrase;
    const child = spawn(
      process.env["PLUMBLINE_BROWSER_HOST"] ?? `${ROOT}/target/debug/browser-host`,
      [
        ...["--data-dir", folder, "--ui", `${ROOT}/ui/dist`],
        ...(deals === undefined ? [] : ["--sim", String(deals)]),
      ],
      { env, stdio: ["pipe", "pipe", "inherit"] },
    );
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`the host ended with ${code}`)));
    });
    const { url, sim } = JSON.parse(line) as { url: string; sim: Simulator | null };
    const api = await request.newContext();
    await api.get(url);
    return new Host(url, sim, folder, child, api);
  }

  get origin(): string {
    return new URL(this.url).origin;
  }

  /** Asks a use case directly, as the window would. */
  async call<K extends keyof Calls>(name: K, args: Calls[K]["args"]): Promise<Calls[K]["answer"]> {
    const response = await this.api.post(`${this.origin}/call/${name}`, {
      data: args,
      timeout: 240_000,
    });
    if (!response.ok()) throw new Error(`${name}: ${await response.text()}`);
    return (await response.json()) as Calls[K]["answer"];
  }

  /** Switches something in the simulator, or looks at it. */
  async control<T>(method: "get" | "post" | "delete", path: string, data: object = {}): Promise<T> {
    if (this.sim === null) throw new Error("this host has no simulator");
    const url = `${this.sim.control_url.replace(/\/$/, "")}/${path}`;
    const response = await this.api[method](url, method === "get" ? {} : { data });
    if (!response.ok()) throw new Error(`control ${path}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Does something in the simulated HubSpot as somebody else. */
  async hubspot(path: string, data: object): Promise<void> {
    if (this.sim === null) throw new Error("this host has no simulator");
    const response = await this.api.post(`${this.sim.base_url}${path}`, {
      data,
      headers: { authorization: `Bearer ${this.sim.token}` },
    });
    if (!response.ok()) throw new Error(`${path}: ${await response.text()}`);
  }

  /** Ends the host; its folder goes with it unless another host will use it. */
  async stop(keep = false): Promise<void> {
    await this.api.dispose();
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.stdin?.end();
    // Streams of events stay open for ever: the host does not wait for them at the end of a test.
    this.child.kill();
    await ended;
    if (!keep) rmSync(this.dataDir, { recursive: true, force: true });
  }
}
