import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import App from "./App.svelte";
import { DEMO, mockBackend, type MockOptions } from "$lib/backend/mock";
import type { WireError } from "$lib/bindings";

function open(options: MockOptions = {}, hash = "") {
  window.location.hash = hash;
  const backend = mockBackend({ delay: 0, ...options });
  const call = vi.spyOn(backend, "call");
  render(App, { props: { backend } });
  return { call };
}

const refused: WireError = {
  code: "disconnected",
  message: "HubSpot refused the token (revoked on 12 Nov). Your copy up to then is intact.",
  hint: "Reconnect Demo portal.",
  retryable: false,
};

beforeEach(() => {
  // The test browser lays nothing out.
  Element.prototype.scrollIntoView = () => undefined;
});

describe("the window", () => {
  it("asks for a passphrase before anything else", async () => {
    const { call } = open({ vault: "needs_passphrase" });
    await screen.findByRole("heading", { name: "Unlock Plumbline" });
    expect(call).not.toHaveBeenCalledWith("portals", {});
    await fireEvent.click(screen.getByRole("button", { name: "Unlock" }));
    expect(screen.getByText("Enter a passphrase.")).toBeTruthy();
    await fireEvent.input(screen.getByLabelText("Passphrase"), { target: { value: "x y z" } });
    await fireEvent.click(screen.getByRole("button", { name: "Unlock" }));
    await screen.findByRole("heading", { name: /^Forecast/ });
    expect(call).toHaveBeenCalledWith("unlock", { passphrase: "x y z" });
  });

  it("shows nothing but the way in while there is no portal", async () => {
    open({ portals: [] });
    await screen.findByRole("heading", { name: "Connect your first portal" });
    const pages = within(screen.getByRole("navigation", { name: "Pages" }));
    expect(pages.getAllByRole("link").map((link) => link.textContent?.trim())).toEqual(["Portals"]);
  });

  it("starts the demo by itself when it was started for that", async () => {
    const { call } = open({
      portals: [],
      overrides: {
        status: async () => ({
          version: "0.1.0",
          vault: { state: "ready" },
          demo_wanted: true,
          redirect_urls: [],
          required_scopes: [],
          optional_scopes: [],
        }),
      },
    });
    await waitFor(() => expect(call).toHaveBeenCalledWith("demo", expect.anything()));
    await screen.findByRole("button", { name: "Read Demo portal" });
  });

  it("tells what was refused, what is safe and what to do, on every page", async () => {
    const pages = [
      ["#/forecast", { forecast: refused }],
      ["#/writebacks", { plans: refused }],
      ["#/sync", { sync_status: refused }],
    ] as const;
    for (const [hash, refuse] of pages) {
      document.body.replaceChildren();
      open({ refuse }, hash);
      await screen.findByText(refused.message);
      expect(screen.getByText(refused.hint)).toBeTruthy();
      expect(screen.getByRole("button", { name: "Open portals to reconnect" })).toBeTruthy();
    }
  });

  it("says so when the program cannot be opened at all", async () => {
    const inUse: WireError = {
      code: "in_use",
      message: "Another process holds this data.",
      hint: "Close it.",
      retryable: true,
    };
    const { call } = open({ refuse: { status: inUse } });
    await screen.findByText(inUse.message);
    await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(call.mock.calls.filter(([name]) => name === "status")).toHaveLength(2);
  });

  it("writes nothing while it shows the past", async () => {
    const { call } = open({}, `#/writebacks?portal=${DEMO.id}&asof=2025-08-03`);
    const plan = await screen.findByRole("button", { name: "Plan win probabilities" });
    await fireEvent.click(plan);
    expect(call).not.toHaveBeenCalledWith("plan_writeback", expect.anything());
    expect(screen.getByText(/^As seen on/)).toBeTruthy();
  });

  it("asks for the forecast of the address", async () => {
    const { call } = open(
      {},
      `#/forecast?portal=${DEMO.id}&asof=2025-08-03&period=next_quarter&pipeline=renewals&whose=team%3A7`,
    );
    await waitFor(() =>
      expect(call).toHaveBeenCalledWith("forecast", {
        portal: DEMO.id,
        period: { kind: "next_quarter" },
        as_of: "2025-08-03",
        pipeline: "renewals",
        team: "7",
        owner: null,
      }),
    );
  });

  it("turns to a portal that is known when the address names one that is not", async () => {
    open({}, "#/forecast?portal=1&deal=2");
    await screen.findByRole("heading", { name: /^Forecast/ });
    expect(window.location.hash).toBe(`#/forecast?portal=${DEMO.id}`);
  });
});
