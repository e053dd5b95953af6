import { fireEvent, render, screen } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import { sampleReport } from "../testing/report";
import FigureCard from "./Figure.svelte";
import RateFigure from "./RateFigure.svelte";

const { total } = sampleReport();

function show(figure = total) {
  const onopen = vi.fn();
  render(FigureCard, { props: { figure, zone: "Europe/Berlin", tone: "ours", onopen } });
  return { face: screen.getByRole("button", { name: new RegExp(figure.label) }), onopen };
}

describe("Figure", () => {
  it("shows value, interval and count, and the rest when it is looked at", async () => {
    const { face } = show();
    expect(face.textContent).toMatch(/1\.28\sM\sEUR.*4 in 5: 0\.98–1\.59\sM\sEUR.*174\sdeals/s);
    expect(screen.queryByText(total.definition)).toBeNull();
    await fireEvent.focusIn(face);
    expect(screen.getByText(total.definition)).toBeTruthy();
    expect(screen.getByText(/^21\sNov\s2026, 09:00$/)).toBeTruthy();
  });

  it("opens its deals, and its SQL by a key", async () => {
    const { face, onopen } = show();
    await fireEvent.click(face);
    expect(onopen).toHaveBeenCalledOnce();
    await fireEvent.keyDown(face, { key: "s" });
    expect(screen.getByText("sql/read/forecast_open_deals.sql")).toBeTruthy();
    await fireEvent.keyDown(face, { key: "Escape" });
    expect(screen.queryByText("sql/read/forecast_open_deals.sql")).toBeNull();
  });

  it("shows no number without evidence", () => {
    const { face } = show({ ...total, evidence: { state: "none", needs: 18 } });
    expect(face.textContent).not.toContain("1.28");
    expect(face.textContent).toMatch(/Needs about 18\smore closed deals/);
  });
});

describe("RateFigure", () => {
  it("says weak in words too, for whoever does not see the dashes", () => {
    const rate = { value: 0.31, low: 0.1, high: 0.6, level: 0.95, n: 12, n_effective: 10 };
    const { container } = render(RateFigure, { props: { rate, evidence: { state: "weak" } } });
    expect(container.textContent).toMatch(/31\s%\(10–60\)of 12, weak/);
  });
});
