import type { Calls, Event } from "../bindings";
import { CallError, toCallError } from "../errors";
import type { Backend } from "./backend";

/** The test host: the same use cases over loopback. Its cookie is set when the page is opened. */
export const httpBackend: Backend = {
  async call<K extends keyof Calls>(name: K, args: Calls[K]["args"]) {
    let response: Response;
    try {
      response = await fetch(`/call/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(args),
      });
    } catch {
      throw new CallError({
        code: "internal",
        message: "The program behind this window does not answer. Your data was not changed.",
        hint: "Start it again and reload.",
        retryable: true,
      });
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) throw toCallError(body);
    return body as Calls[K]["answer"];
  },
  async onEvent(listener) {
    const source = new EventSource("/events");
    source.onmessage = (message: MessageEvent<string>) =>
      listener(JSON.parse(message.data) as Event);
    return () => source.close();
  },
};
