import type { Calls, Event } from "../bindings";

/** The one way from the window to the use cases. Which host answers is decided once, at the start. */
export interface Backend {
  /** Runs a use case. Rejects with a `CallError`, whatever the host. */
  call<K extends keyof Calls>(name: K, args: Calls[K]["args"]): Promise<Calls[K]["answer"]>;
  /** Hears everything that happens from now on; the answer stops it. */
  onEvent(listener: (event: Event) => void): Promise<() => void>;
}
