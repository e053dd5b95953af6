import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import App from "../../App.svelte";
import { ACME, DEMO, mockBackend, type MockOptions } from "$lib/backend/mock";

function open(portal: string, options: MockOptions = {}, more = "") {
  window.location.hash = `#/scoring?portal=${portal}${more}`;
  const backend = mockBackend({ delay: 0, ...options });
  const call = vi.spyOn(backend, "call");
  render(App, { props: { backend } });
  return { call };
}

beforeEach(() => {
  // The test browser lays nothing out, and shows no dialog by itself.
  Element.prototype.scrollIntoView = () => undefined;
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
});

describe("the page of scores", () => {
  it("prints event, horizon, base rate and population beside the scores", async () => {
    open(DEMO.id);
    await screen.findByRole("heading", { name: "Does the score mean what it says?" });
    expect(screen.getByText("Base rate, won within 90 days")).toBeTruthy();
    expect(screen.getByText(/deals of all pipelines while they were open/)).toBeTruthy();
    expect(screen.getByText(/not advice/)).toBeTruthy();
  });

  it("says what is missing where there is no score, and shows rates that are called so", async () => {
    open(ACME.id);
    await screen.findByText("There is no score, and none is offered for HubSpot:");
    expect(
      screen.getByText("Not enough evidence: 62 more with a known outcome are needed."),
    ).toBeTruthy();
    expect(screen.getByRole("heading", { name: "What can be said without a score" })).toBeTruthy();
    expect(screen.queryByRole("grid", { name: "Scores of open deals" })).toBeNull();
  });

  it("lets a suspect in for a typed reason only", async () => {
    const { call } = open(DEMO.id);
    await fireEvent.click(await screen.findByRole("button", { name: "Let Loss reason in" }));
    const dialog = await screen.findByRole("dialog", { name: "Let Loss reason in" });
    const letIn = within(dialog).getByRole("button", { name: "Let it in and train anew" });
    expect(letIn.getAttribute("aria-disabled")).toBe("true");
    await fireEvent.input(within(dialog).getByRole("textbox"), {
      target: { value: "  It is filled in at qualification.  " },
    });
    await fireEvent.click(letIn);
    const overrule = { column: "Loss reason", reason: "It is filled in at qualification." };
    await waitFor(() =>
      expect(call).toHaveBeenCalledWith("score_train", expect.objectContaining({ overrule })),
    );
    await screen.findByText(/Model 4 is in use and has scored 6 open deals/);
  });

  it("scores contacts where they are chosen, and keeps that in the address", async () => {
    const { call } = open(DEMO.id);
    const choice = await screen.findByLabelText("Scores of");
    await fireEvent.change(choice, { target: { value: "contacts" } });
    await screen.findByText("Base rate, converted within 90 days");
    expect(window.location.hash).toContain("scored=contacts");
    expect(call).toHaveBeenCalledWith("scoring", expect.objectContaining({ of: "contacts" }));
    expect(
      screen.getByRole("grid", { name: "Scores of contacts without a won deal" }),
    ).toBeTruthy();
    expect(screen.getByRole("button", { name: "3 not" })).toBeTruthy();
    expect(screen.getByLabelText("Converted within")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Train and score" }));
    await waitFor(() =>
      expect(call).toHaveBeenCalledWith("score_train", expect.objectContaining({ of: "contacts" })),
    );
    await screen.findByText(/Model 4 is in use and has scored 6 contacts/);
  });

  it("opens a link to the scores of contacts, and their records as such", async () => {
    const { call } = open(DEMO.id, {}, "&scored=contacts");
    await fireEvent.click(await screen.findByRole("button", { name: "3 converted" }));
    const dialog = await screen.findByRole("dialog", { name: /^3\scontacts$/ });
    await fireEvent.click(within(dialog).getByRole("button", { name: "101" }));
    const record = { portal: DEMO.id, object_type: "contacts", record: "101" };
    expect(call).toHaveBeenCalledWith("open_record", record);
  });

  it("trains nothing while it shows the past", async () => {
    open(DEMO.id, {}, "&asof=2026-08-03");
    const train = await screen.findByRole("button", { name: "Train and score" });
    expect(train.getAttribute("aria-disabled")).toBe("true");
    expect(train.title).toContain("turn the time back to now");
  });

  it("uses a model that was kept before, and says how that is taken back", async () => {
    const { call } = open(DEMO.id);
    const models = await screen.findByRole("grid", { name: "Models that were kept" });
    await fireEvent.click(within(models).getByText("Kept"));
    const dialog = await screen.findByRole("dialog", { name: "Model 3: won within 90 days" });
    await fireEvent.click(within(dialog).getByRole("button", { name: "Use model 3 from now on" }));
    await waitFor(() =>
      expect(call).toHaveBeenCalledWith("score_use", { portal: DEMO.id, version: 3 }),
    );
    await within(dialog).findByText(/Choosing model 4 takes that back/);
    const use = within(dialog).getByRole("button", { name: "Use model 3 from now on" });
    await waitFor(() => expect(use.title).toBe("It is the one in use."));
  });

  it("keeps a choice of properties and trains with it", async () => {
    const { call } = open(DEMO.id);
    await fireEvent.click(await screen.findByRole("button", { name: "Choose further properties" }));
    const dialog = await screen.findByRole("dialog", { name: "Choose further properties" });
    await fireEvent.input(within(dialog).getByRole("textbox"), { target: { value: "REGION" } });
    expect(within(dialog).getAllByRole("checkbox")).toHaveLength(1);
    await fireEvent.click(within(dialog).getByRole("checkbox"));
    await fireEvent.click(within(dialog).getByRole("button", { name: "Keep and train anew" }));
    await screen.findByText("Sales region of the end customer");
    const kept = { portal: DEMO.id, properties: ["deals.region"] };
    expect(call).toHaveBeenCalledWith("score_properties_set", kept);
    await waitFor(() => expect(call).toHaveBeenCalledWith("score_train", expect.anything()));
  });
});
