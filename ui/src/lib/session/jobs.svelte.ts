import type { Backend } from "../backend/backend";
import type { Event, JobId, Progress } from "../bindings";
import { toCallError } from "../errors";
import { SvelteMap } from "svelte/reactivity";

export type JobKind = "demo" | "connect" | "sync" | "plan" | "apply" | "undo";

/** Long work that this window started. */
export interface Job {
  readonly id: JobId;
  readonly kind: JobKind;
  readonly portal: string | null;
  readonly progress: Progress | null;
  /** Its end was asked for and has not come yet. */
  readonly stopping: boolean;
}

/** All long work under way, followed by its events. */
export class Jobs {
  readonly #backend: Backend;
  readonly #running = new SvelteMap<JobId, Job>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get all(): Job[] {
    return [...this.#running.values()];
  }

  /** The work of this kind, on this portal if it has one. */
  find(kind: JobKind, portal: string | null): Job | undefined {
    return this.all.find((job) => job.kind === kind && job.portal === portal);
  }

  hear(event: Event): void {
    if (event.event !== "progress") return;
    const job = this.#running.get(event.job);
    if (job !== undefined) this.#running.set(job.id, { ...job, progress: event.progress });
  }

  /** Runs long work under a name of its own and knows it until it ends. */
  async run<T>(kind: JobKind, portal: string | null, work: (job: JobId) => Promise<T>): Promise<T> {
    const id = crypto.randomUUID();
    this.#running.set(id, { id, kind, portal, progress: null, stopping: false });
    try {
      return await work(id);
    } catch (thrown) {
      throw toCallError(thrown);
    } finally {
      this.#running.delete(id);
    }
  }

  /** Asks the work to stop. It ends by its own answer. */
  async cancel(id: JobId): Promise<void> {
    const job = this.#running.get(id);
    if (job === undefined) return;
    this.#running.set(id, { ...job, stopping: true });
    const found = await this.#backend.call("cancel", { job: id }).catch(() => false);
    const still = this.#running.get(id);
    if (!found && still !== undefined) this.#running.set(id, { ...still, stopping: false });
  }
}
