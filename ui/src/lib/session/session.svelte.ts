import { createContext } from "svelte";
import type { Backend } from "../backend/backend";
import type { AppStatus, PortalSummary, SnapshotList } from "../bindings";
import { dayIn } from "../format";
import { copies, type Copy } from "../portal";
import { Router } from "../route";
import { Jobs } from "./jobs.svelte";
import { Resource } from "./resource.svelte";
import { ThemeChoice } from "./theme.svelte";

const LAST_PORTAL = "plumbline.portal";

/** What every page needs: the host, the address, the portals, the work under way. */
export class Session {
  readonly backend: Backend;
  readonly router = new Router();
  readonly theme = new ThemeChoice();
  readonly jobs: Jobs;
  readonly status = new Resource<AppStatus>();
  readonly portals = new Resource<PortalSummary[]>();
  readonly snapshots = new Resource<SnapshotList>();
  /** All that a page can be turned to. */
  readonly copies = $derived(copies(this.portals.value ?? [], this.snapshots.value?.open ?? []));
  /** Grows whenever a portal's copy may have changed: pages ask again. */
  generation = $state(0);
  /** The window was started to show the demo, and has not begun to yet. */
  demoDue = $state(false);
  /** Moves twice a minute, for words such as "4 min ago". */
  now = $state(Date.now());

  constructor(backend: Backend) {
    this.backend = backend;
    this.jobs = new Jobs(backend);
  }

  /** Asks for what the window needs first, and listens from then on. */
  async start(): Promise<void> {
    await this.backend.onEvent((event) => {
      this.jobs.hear(event);
      if (event.event === "portals_changed") {
        this.generation++;
        void this.loadPortals();
      }
    });
    window.setInterval(() => (this.now = Date.now()), 30_000);
    await this.loadStatus();
  }

  async loadStatus(): Promise<void> {
    const status = await this.status.ask(() => this.backend.call("status", {}));
    if (status?.vault.state === "ready") await this.open(status);
  }

  /** What follows once secrets can be read. */
  async open(status: AppStatus): Promise<void> {
    this.demoDue = status.demo_wanted && this.portals.value === null;
    await this.loadPortals();
    if (this.demoDue) this.router.correct({ page: "portals", asOf: null });
  }

  async loadPortals(): Promise<void> {
    const [portals] = await Promise.all([
      this.portals.ask(() => this.backend.call("portals", {})),
      this.snapshots.ask(() => this.backend.call("snapshots", {})),
    ]);
    if (portals !== null) this.#settlePortal();
  }

  /** The portal that the window shows, or the snapshot of one. */
  get portal(): Copy | null {
    const { portal } = this.router.route;
    return this.copies.find((known) => known.id === portal) ?? null;
  }

  /** Today, as a calendar in the portal would say. */
  get today(): string {
    return dayIn(this.now, this.portal?.time_zone ?? "UTC");
  }

  /** Turns the window to a portal. What was open of another one is closed: ids mean nothing there. */
  show(portal: string, page = this.router.route.page): void {
    window.localStorage.setItem(LAST_PORTAL, portal);
    this.router.go({ page, portal, pipeline: null, deal: null, plan: null });
  }

  /** Without a portal in the address, or with one that is gone, the last one used is shown. */
  #settlePortal(): void {
    if (this.portal !== null) return;
    const last = window.localStorage.getItem(LAST_PORTAL);
    const portal = this.copies.find((known) => known.id === last) ?? this.copies[0] ?? null;
    this.router.correct({
      portal: portal?.id ?? null,
      pipeline: null,
      deal: null,
      plan: null,
      ...(portal === null ? { page: "portals" as const, asOf: null } : {}),
    });
  }
}

export const [useSession, provideSession] = createContext<Session>();
