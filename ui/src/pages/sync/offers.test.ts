import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, it, vi } from "vitest";
import App from "../../App.svelte";
import { DEMO, mockBackend, type MockOptions } from "$lib/backend/mock";

async function open(options: MockOptions = {}) {
  window.location.hash = `#/sync?portal=${DEMO.id}`;
  const backend = mockBackend({ delay: 0, ...options });
  const call = vi.spyOn(backend, "call");
  render(App, { props: { backend } });
  await screen.findByRole("heading", { name: "What the last run read" });
  return { call };
}

beforeEach(() => {
  // The test browser lays nothing out.
  Element.prototype.scrollIntoView = () => undefined;
});

it.each([
  ["Read everything again", { full: true }],
  ["Compare all ids", { reconcile: true }],
  ["Sync again", {}],
  ["Sync Demo portal", {}],
])("%s asks for that and no more", async (name, more) => {
  const { call } = await open();
  const buttons = await screen.findAllByRole("button", { name });
  await fireEvent.click(buttons.at(-1) as HTMLElement);
  await waitFor(() =>
    expect(call).toHaveBeenCalledWith("sync", {
      job: expect.any(String),
      portal: DEMO.id,
      ...more,
    }),
  );
});

it("begins nothing while another process reads the portal, and looks how it goes on", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const backend = mockBackend({ delay: 0 });
    const status = await backend.call("sync_status", { portal: DEMO.id });
    const { call } = await open({
      overrides: { sync_status: async () => ({ ...status, running: true }) },
    });
    await screen.findByText(/is being read by another Plumbline/);
    for (const button of screen.getAllByRole("button", { name: /^(Sync|Compare|Read) / })) {
      await fireEvent.click(button);
    }
    expect(call).not.toHaveBeenCalledWith("sync", expect.anything());
    const asked = () => call.mock.calls.filter(([name]) => name === "sync_status").length;
    const before = asked();
    vi.advanceTimersByTime(5_000);
    await waitFor(() => expect(asked()).toBe(before + 1));
  } finally {
    vi.useRealTimers();
  }
});
