import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import App from "../../App.svelte";
import { DEMO, mockBackend } from "$lib/backend/mock";
import type { ListChange } from "$lib/bindings";
import { sampleCompetitorList } from "$lib/testing/competitors";
import ListPanel from "./ListPanel.svelte";
import { additions, spellings, spellingWords } from "./spellings";

describe("ways to write a competitor", () => {
  it("are the names between commas, each once", () => {
    expect(spellings(" Zoho CRM, zoho.test ;; ZOHO crm\nZoho One,", ["Zoho One"])).toEqual([
      "Zoho CRM",
      "zoho.test",
    ]);
  });

  it("are added after the competitor itself", () => {
    const alias = { change: "alias", competitor: "Front", matching: "any_case" };
    expect(additions(" Front ", "front, Front App, front.test", true)).toEqual([
      { change: "add", name: "Front" },
      { ...alias, text: "Front", ordinary_word: true },
      { ...alias, text: "Front App", ordinary_word: false },
      { ...alias, text: "front.test", ordinary_word: false },
    ]);
    expect(additions("Front", "", false)).toEqual([{ change: "add", name: "Front" }]);
    expect(additions("  ", "front.test", true)).toEqual([]);
  });

  it("say how they count", () => {
    expect(spellingWords({ text: "SAP", matching: "exact_case", ordinary_word: false })).toBe(
      "letter for letter",
    );
    expect(spellingWords({ text: "Front", matching: "any_case", ordinary_word: true })).toBe(
      "in any case; also an ordinary word",
    );
  });
});

describe("the list of competitors", () => {
  function show(fixed = false) {
    const onchange = vi.fn<(...changes: ListChange[]) => void>();
    render(ListPanel, {
      props: {
        list: sampleCompetitorList(),
        zone: "Europe/Berlin",
        fixed,
        busy: false,
        onchange,
        ontexts: () => {},
      },
    });
    return onchange;
  }

  it("adds one with several spellings at once", async () => {
    const onchange = show();
    const field = (name: string) => screen.getByRole("textbox", { name: new RegExp(name) });
    await fireEvent.input(field("Another competitor"), { target: { value: "Close" } });
    await fireEvent.input(field("Other ways"), { target: { value: "close.test, Close CRM" } });
    await fireEvent.click(screen.getByRole("checkbox", { name: /ordinary word/ }));
    await fireEvent.click(screen.getByRole("button", { name: "Add" }));
    expect(onchange).toHaveBeenCalledExactlyOnceWith(
      ...additions("Close", "close.test, Close CRM", true),
    );
  });

  it("edits the spellings of one", async () => {
    const onchange = show();
    const opener = screen.getByRole("button", { name: "Edit ways to write Kranwerk" });
    expect(opener.getAttribute("aria-expanded")).toBe("false");
    await fireEvent.click(opener);
    expect(opener.getAttribute("aria-expanded")).toBe("true");
    const change = { change: "alias", competitor: "kranwerk" } as const;

    await fireEvent.change(screen.getByRole("combobox", { name: "How Kranwerk counts" }), {
      target: { value: "exact_case" },
    });
    expect(onchange).toHaveBeenLastCalledWith({
      ...change,
      text: "Kranwerk",
      matching: "exact_case",
      ordinary_word: false,
    });

    await fireEvent.click(
      screen.getByRole("checkbox", { name: "kranwerk.test is also an ordinary word" }),
    );
    expect(onchange).toHaveBeenLastCalledWith({
      ...change,
      text: "kranwerk.test",
      matching: "any_case",
      ordinary_word: true,
    });

    await fireEvent.click(
      screen.getByRole("button", { name: "Remove the spelling kranwerk.test" }),
    );
    expect(onchange).toHaveBeenLastCalledWith({
      change: "remove",
      competitor: "kranwerk",
      alias: "kranwerk.test",
    });

    await fireEvent.input(screen.getByRole("textbox", { name: "More ways to write it" }), {
      target: { value: "KW Pumps, Kranwerk, kwp.test" },
    });
    await fireEvent.click(screen.getByRole("button", { name: "Add them" }));
    const added = { ...change, matching: "any_case", ordinary_word: false } as const;
    expect(onchange).toHaveBeenLastCalledWith(
      { ...added, text: "KW Pumps" },
      { ...added, text: "kwp.test" },
    );
  });

  it("adds and removes names of one's own", async () => {
    const onchange = show();
    await fireEvent.input(screen.getByRole("textbox", { name: "More of your own names" }), {
      target: { value: "Nordwind Clay, nordwind, NW" },
    });
    await fireEvent.click(screen.getByRole("button", { name: "Add to our names" }));
    expect(onchange).toHaveBeenLastCalledWith(
      { change: "own", name: "Nordwind Clay", remove: false },
      { change: "own", name: "NW", remove: false },
    );
    await fireEvent.click(screen.getByRole("button", { name: "Remove Nordwind" }));
    expect(onchange).toHaveBeenLastCalledWith({ change: "own", name: "Nordwind", remove: true });
  });

  it("of a snapshot is only read", () => {
    show(true);
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.getByText(/kranwerk\.test/)).toBeTruthy();
  });
});

describe("the page of competitors", () => {
  it("sends all changes of one step in one call", async () => {
    Element.prototype.scrollIntoView = () => undefined;
    window.location.hash = "#/competitors";
    const backend = mockBackend({ delay: 0 });
    const call = vi.spyOn(backend, "call");
    render(App, { props: { backend } });
    await fireEvent.click(await screen.findByRole("tab", { name: "List" }));
    const field = (name: RegExp) => screen.getByRole("textbox", { name });
    await fireEvent.input(field(/Another competitor/), { target: { value: "Close" } });
    await fireEvent.input(field(/Other ways/), { target: { value: "close.test, Close CRM" } });
    await fireEvent.click(screen.getByRole("button", { name: "Add" }));
    const sent = () => call.mock.calls.filter(([name]) => name === "competitor_change");
    expect(sent()).toEqual([
      [
        "competitor_change",
        { portal: DEMO.id, changes: additions("Close", "close.test, Close CRM", false) },
      ],
    ]);
    await fireEvent.input(field(/own names/), { target: { value: "NW" } });
    const button = screen.getByRole("button", { name: "Add to our names" });
    await waitFor(() => expect(button.getAttribute("aria-disabled")).toBeNull());
    await fireEvent.click(button);
    await screen.findByRole("button", { name: "Remove NW" });
  });
});
