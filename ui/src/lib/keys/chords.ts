/** What a key asks of the window. */
export type KeyAction =
  | "forecast"
  | "waterfall"
  | "competitors"
  | "icp"
  | "scoring"
  | "activity"
  | "writebacks"
  | "sync"
  | "portals"
  | "back"
  | "forward"
  | "time"
  | "search"
  | "sheet"
  | "close";

export interface KeyLine {
  readonly keys: readonly string[];
  readonly does: string;
  readonly action?: KeyAction;
}

/** All keys, as the sheet lists them. What has an action works everywhere; the rest works in place. */
export const KEYS: readonly KeyLine[] = [
  { keys: ["g", "f"], does: "Forecast", action: "forecast" },
  { keys: ["g", "o"], does: "What changed", action: "waterfall" },
  { keys: ["g", "c"], does: "Competitors", action: "competitors" },
  { keys: ["g", "i"], does: "ICP", action: "icp" },
  { keys: ["g", "r"], does: "Scoring", action: "scoring" },
  { keys: ["g", "a"], does: "Activity", action: "activity" },
  { keys: ["g", "w"], does: "Writebacks", action: "writebacks" },
  { keys: ["g", "s"], does: "Sync", action: "sync" },
  { keys: ["g", "p"], does: "Portals", action: "portals" },
  { keys: ["["], does: "Back", action: "back" },
  { keys: ["]"], does: "Forward", action: "forward" },
  { keys: ["t"], does: "Time machine: look from another day", action: "time" },
  { keys: ["/"], does: "Search the table", action: "search" },
  { keys: ["↑", "↓"], does: "Move in a table" },
  { keys: ["Enter"], does: "Open the row, or the deals of a figure" },
  { keys: ["←", "→"], does: "Move in a chart, from point to point" },
  { keys: ["s"], does: "SQL of the figure that has the focus" },
  { keys: ["?"], does: "This list", action: "sheet" },
  { keys: ["Esc"], does: "Close the topmost thing", action: "close" },
];

/** How long the first key of a pair waits for the second, in ms. */
const PATIENCE = 1500;

const SINGLE = new Map(
  KEYS.flatMap(({ keys, action }) =>
    keys.length === 1 && keys[0] !== undefined && action !== undefined ? [[keys[0], action]] : [],
  ),
);
const PAIRS = new Map(
  KEYS.flatMap(({ keys, action }) =>
    keys.length === 2 && action !== undefined ? [[keys.join(" "), action]] : [],
  ),
);

/** Turns keys into actions; remembers the first of a pair. */
export class Chords {
  #first: { key: string; at: number } | null = null;

  /** The action of this key at this time (ms), if it completes one. */
  press(key: string, at: number): KeyAction | null {
    const first = this.#first;
    this.#first = null;
    if (first !== null && at - first.at <= PATIENCE) {
      const pair = PAIRS.get(`${first.key} ${key}`);
      if (pair !== undefined) return pair;
    }
    if (key === "g") {
      this.#first = { key, at };
      return null;
    }
    return SINGLE.get(key === "Escape" ? "Esc" : key) ?? null;
  }
}
