import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Calls, Event } from "../bindings";
import { toCallError } from "../errors";
import type { Backend } from "./backend";

/** The desktop shell. The only file that knows Tauri. */
export const tauriBackend: Backend = {
  async call<K extends keyof Calls>(name: K, args: Calls[K]["args"]) {
    try {
      return await invoke<Calls[K]["answer"]>("call", { name, args });
    } catch (thrown) {
      throw toCallError(thrown);
    }
  },
  onEvent: (listener) => listen<Event>("plumbline", (message) => listener(message.payload)),
};
