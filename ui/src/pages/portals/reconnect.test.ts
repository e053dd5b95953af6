import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import App from "../../App.svelte";
import { ACME, GLOBEX, mockBackend, type MockOptions } from "$lib/backend/mock";
import type { WireError } from "$lib/bindings";

const ANOTHER: WireError = {
  code: "refused",
  message: "Another portal answered than the one to be connected again. Nothing was changed.",
  hint: "Choose the right account on HubSpot's page, or a token of this portal.",
  retryable: false,
};

function open(options: MockOptions = {}) {
  window.location.hash = "#/portals";
  const backend = mockBackend({ delay: 0, portals: [ACME, GLOBEX], ...options });
  const call = vi.spyOn(backend, "call");
  render(App, { props: { backend } });
  return { call };
}

const row = async (name: string) =>
  within((await screen.findByRole("heading", { name })).closest("li") as HTMLElement);

beforeEach(() => {
  // The test browser lays nothing out.
  Element.prototype.scrollIntoView = () => undefined;
});

describe("reconnecting in a portal's row", () => {
  it("asks HubSpot's consent for this portal alone, and says that it is connected", async () => {
    const { call } = open();
    const acme = await row("Acme GmbH");
    await fireEvent.click(acme.getByRole("button", { name: "Reconnect Acme GmbH" }));
    await waitFor(() =>
      expect(call).toHaveBeenCalledWith("reconnect", {
        job: expect.any(String),
        portal: ACME.id,
        way: null,
        writeback: false,
      }),
    );
    await acme.findByText(/^Connected again/);
    expect(acme.getByText("connected")).toBeTruthy();
    expect(acme.queryByRole("button", { name: /^Reconnect/ })).toBeNull();
  });

  it("takes the new token of one that was connected by a token, and keeps none of it", async () => {
    const { call } = open({ refuse: { reconnect: ANOTHER } });
    const globex = await row("Globex Inc");
    expect(globex.queryByLabelText("New token")).toBeNull();
    await fireEvent.click(globex.getByRole("button", { name: /^Reconnect Globex/ }));
    const send = () => {
      const [, send] = globex.getAllByRole("button", { name: "Reconnect Globex Inc" });
      return fireEvent.click(send as HTMLElement);
    };
    await send();
    expect(globex.getByText("Paste the new token.")).toBeTruthy();
    await fireEvent.input(globex.getByLabelText("New token"), { target: { value: " pat-eu1-x " } });
    await send();
    await globex.findByText(ANOTHER.message);
    expect(call).toHaveBeenCalledWith(
      "reconnect",
      expect.objectContaining({ portal: GLOBEX.id, way: { kind: "token", token: "pat-eu1-x" } }),
    );
    expect((globex.getByLabelText("New token") as HTMLInputElement).value).toBe("");
    expect(globex.getByText(ANOTHER.hint)).toBeTruthy();
  });

  it("offers the app's other secret where HubSpot did not accept the one that is kept", async () => {
    const changed: WireError = { ...ANOTHER, code: "bad_input", message: "The app's settings." };
    open({ refuse: { reconnect: changed } });
    const acme = await row("Acme GmbH");
    await fireEvent.click(acme.getByRole("button", { name: "Reconnect Acme GmbH" }));
    await acme.findByLabelText("Client secret");
  });
});
