import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { describe, expect, it, vi } from "vitest";
import DataTable from "./DataTable.svelte";
import type { Column } from "./model";

type Row = { id: number; name: string };
const rows: Row[] = Array.from({ length: 5000 }, (_, id) => ({ id, name: `<b>${id}</b>` }));
const columns: Column<Row>[] = [
  { id: "id", label: "Number", width: 80, sort: (row) => row.id },
  { id: "name", label: "Name", width: 120, grow: 1 },
];
const cell = createRawSnippet<[Row, string]>((row, column) => ({
  render: () => "<span></span>",
  setup: (element) => {
    element.textContent = column() === "id" ? String(row().id) : row().name;
  },
}));

function show(onopen = vi.fn()) {
  render(DataTable<Row>, {
    props: { name: "Things", rows, columns, key: (row) => String(row.id), cell, onopen },
  });
  return { grid: screen.getByRole("grid", { name: "Things" }), onopen };
}

describe("DataTable", () => {
  it("draws the rows in view and tells of all", () => {
    const { grid } = show();
    expect(grid.getAttribute("aria-rowcount")).toBe("5001");
    expect(within(grid).getAllByRole("row").length).toBeLessThan(40);
    expect(grid.querySelector("b")).toBeNull();
  });

  it("sorts by its headings and says which way", async () => {
    const { grid } = show();
    const heading = within(grid).getByRole("columnheader", { name: "Number" });
    expect(heading.getAttribute("aria-sort")).toBe("none");
    await fireEvent.click(within(heading).getByRole("button"));
    expect(heading.getAttribute("aria-sort")).toBe("descending");
    expect(within(grid).getAllByRole("row")[1]?.textContent).toContain("4999");
  });

  it("is walked and opened by keyboard", async () => {
    const { grid, onopen } = show();
    await fireEvent.keyDown(grid, { key: "Enter" });
    expect(onopen).not.toHaveBeenCalled();
    await fireEvent.keyDown(grid, { key: "ArrowDown" });
    await fireEvent.keyDown(grid, { key: "ArrowDown" });
    const active = grid.getAttribute("aria-activedescendant");
    expect(document.getElementById(active ?? "")?.textContent).toContain("<b>1</b>");
    await fireEvent.keyDown(grid, { key: "Enter" });
    expect(onopen).toHaveBeenCalledWith(rows[1]);
  });
});
