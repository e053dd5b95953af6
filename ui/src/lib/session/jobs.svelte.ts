import type { Backend } from "../backend/backend";
import type {
  Event,
  JobId,
  PlanView,
  PortalSummary,
  Progress,
  ReconciliationView,
  SavedSnapshotView,
  SnapshotMark,
  SyncReportView,
} from "../bindings";
import { toCallError, type CallError } from "../errors";
import { SvelteMap } from "svelte/reactivity";

/** What each kind of long work ends in. */
interface Answers {
  demo: PortalSummary;
  connect: PortalSummary;
  reconnect: PortalSummary;
  sync: SyncReportView;
  verify: ReconciliationView;
  freeze: SavedSnapshotView;
  open_snapshot: SnapshotMark;
  plan: PlanView;
  apply: PlanView;
  undo: PlanView;
}

export type JobKind = keyof Answers;

/** How work ended: with its answer, or with an error. */
export type Ending<K extends JobKind> =
  | { readonly answer: Answers[K]; readonly error: null }
  | { readonly answer: null; readonly error: CallError };

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
  readonly #endings = new SvelteMap<string, Ending<JobKind>>();

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

  /** How the last work of this kind ended, in this window: also for a page that was left meanwhile. */
  ending<K extends JobKind>(kind: K, portal: string | null): Ending<K> | undefined {
    return this.#endings.get(`${kind} ${portal}`) as Ending<K> | undefined;
  }

  /** Its outcome was seen, or is overtaken. */
  forget(kind: JobKind, portal: string | null): void {
    this.#endings.delete(`${kind} ${portal}`);
  }

  /** Runs long work under a name of its own, knows it until it ends, and keeps how it ended. */
  async run<K extends JobKind>(
    kind: K,
    portal: string | null,
    work: (job: JobId) => Promise<Answers[K]>,
  ): Promise<Answers[K]> {
    const id = crypto.randomUUID();
    this.forget(kind, portal);
    this.#running.set(id, { id, kind, portal, progress: null, stopping: false });
    try {
      const answer = await work(id);
      this.#endings.set(`${kind} ${portal}`, { answer, error: null });
      return answer;
    } catch (thrown) {
      const error = toCallError(thrown);
      this.#endings.set(`${kind} ${portal}`, { answer: null, error });
      throw error;
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
