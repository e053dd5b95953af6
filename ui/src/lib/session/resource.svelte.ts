import { toCallError, type CallError } from "../errors";

/** Something that was asked for: not here yet, here, or refused. While it is asked for again the
 * last answer stays, so that nothing on the screen jumps. */
export class Resource<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<CallError | null>(null);
  busy = $state(false);
  #turn = 0;

  /** Asks; only the newest question may answer. */
  async ask(question: () => Promise<T>): Promise<T | null> {
    const turn = ++this.#turn;
    this.busy = true;
    try {
      const value = await question();
      if (turn !== this.#turn) return null;
      this.value = value;
      this.error = null;
      return value;
    } catch (thrown) {
      if (turn === this.#turn) this.error = toCallError(thrown);
      return null;
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }

  /** An answer that came by another way, such as that of a change. */
  put(value: T): void {
    this.#turn++;
    this.value = value;
    this.error = null;
    this.busy = false;
  }

  /** Forgets the answer: it was of something else. */
  clear(): void {
    this.#turn++;
    this.value = null;
    this.error = null;
    this.busy = false;
  }
}
