import type { Backend } from "./backend";

/** The shell where there is one, else the host that served this page. */
export async function chooseBackend(): Promise<Backend> {
  if (import.meta.env.MODE === "mock") return (await import("./mock")).mockBackend();
  if ("__TAURI_INTERNALS__" in window) return (await import("./tauri")).tauriBackend;
  return (await import("./http")).httpBackend;
}
