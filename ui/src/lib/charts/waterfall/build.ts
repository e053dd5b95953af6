import type { MoneyValue, WaterfallLine, WaterfallReport } from "../../bindings";
import { amountOf } from "../../format";

/** A bar of the picture: an end from zero, or a line from where the one before it stopped. */
export interface Bar {
  readonly id: WaterfallLine | "start" | "end";
  readonly label: string;
  readonly amount: MoneyValue;
  readonly n: number;
  /** Where it begins and how wide it is, in hundredths of the picture's width. */
  readonly left: number;
  readonly width: number;
  readonly kind: "end" | "more" | "less" | "won" | "lost" | "none";
}

/** What is won or lost has its own colour; of the rest only the direction tells. */
function kindOf(line: WaterfallLine, amount: number): Bar["kind"] {
  if (amount === 0) return "none";
  if (line === "won" || line === "lost") return line;
  return amount > 0 ? "more" : "less";
}

/** The bars of a report, top to bottom; lines without a deal are left out. Bars stand on zero. */
export function buildBars(report: WaterfallReport): Bar[] {
  const start = amountOf(report.start.amount);
  const lines = report.lines.filter((line) => line.n > 0);
  const levels = [0, start];
  for (const line of lines) levels.push((levels.at(-1) ?? 0) + amountOf(line.amount));
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const scale = high > low ? 100 / (high - low) : 0;
  const place = (from: number, to: number) => ({
    left: (Math.min(from, to) - low) * scale,
    width: Math.abs(to - from) * scale,
  });
  return [
    {
      id: "start",
      label: "Open at the start",
      amount: report.start.amount,
      n: report.start.n,
      ...place(0, start),
      kind: "end",
    },
    ...lines.map((line, index): Bar => {
      const amount = amountOf(line.amount);
      const from = levels[index + 1] ?? 0;
      return {
        id: line.line,
        label: line.label,
        amount: line.amount,
        n: line.n,
        ...place(from, from + amount),
        kind: kindOf(line.line, amount),
      };
    }),
    {
      id: "end",
      label: "Open at the end",
      amount: report.end.amount,
      n: report.end.n,
      ...place(0, amountOf(report.end.amount)),
      kind: "end",
    },
  ];
}
