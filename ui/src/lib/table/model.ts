/** What a column sorts by. Nothing sorts last, whichever way round. */
export type SortKey = string | number | null;

export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** The heading is only spoken: the column needs no words to the eye. */
  readonly quiet?: boolean;
  /** What the heading means, where the word alone does not say it. */
  readonly hint?: string;
  /** The least width, in px. */
  readonly width: number;
  /** Its share of the room that is left; none keeps it at its least width. */
  readonly grow?: number;
  readonly align?: "start" | "end";
  /** Left out where there is no room for all: the highest first. Without it, it always stays. */
  readonly minor?: number;
  /** Where it stands on the card that a row becomes in a narrow window; else it is left out. */
  readonly card?: "title" | "value" | "under" | "aside";
  readonly sort?: (row: Row) => SortKey;
  /** Rows whose value rests on too little stand last when sorted by this column. */
  readonly weak?: (row: Row) => boolean;
}

/** The space between columns and the sum of the paddings of a row, in px. */
export const GAP = 16;
const PADDING = 16;

/** The tracks of the grid that every row is, and the width below which the table scrolls. */
export function tracks<Row>(columns: readonly Column<Row>[]): { grid: string; least: number } {
  const grid = columns.map(({ width, grow }) =>
    grow === undefined ? `${width}px` : `minmax(${width}px, ${grow}fr)`,
  );
  const widths = columns.reduce((sum, column) => sum + column.width, 0);
  return { grid: grid.join(" "), least: widths + GAP * (columns.length - 1) + PADDING };
}

/** The columns for which there is room, in their order. Before anything was measured: all. */
export function fitting<Row>(
  columns: readonly Column<Row>[],
  room: number,
): readonly Column<Row>[] {
  let kept = columns;
  while (room > 0 && tracks(kept).least > room) {
    const droppable = kept.flatMap(({ minor }) => (minor === undefined ? [] : [minor]));
    if (droppable.length === 0) return kept;
    const least = Math.max(...droppable);
    kept = kept.filter(({ minor }) => minor !== least);
  }
  return kept;
}

export interface Sorting {
  readonly column: string;
  readonly down: boolean;
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function compare(a: Exclude<SortKey, null>, b: Exclude<SortKey, null>): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a), String(b));
}

/** The rows in order; equal ones keep theirs. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | null,
): readonly Row[] {
  const column = columns.find((known) => known.id === sorting?.column);
  const key = column?.sort;
  if (sorting === null || key === undefined) return rows;
  const keyed = rows.map((row) => ({ row, key: key(row), weak: column?.weak?.(row) ?? false }));
  const way = sorting.down ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
    if (a.weak !== b.weak) return Number(a.weak) - Number(b.weak);
    return way * compare(a.key, b.key);
  });
  return keyed.map((entry) => entry.row);
}

/** The next order when a heading is pressed: numbers begin with the largest, words with A. */
export function pressed<Row>(
  sorting: Sorting | null,
  column: Column<Row>,
  rows: readonly Row[],
): Sorting {
  if (sorting?.column === column.id) return { column: column.id, down: !sorting.down };
  const sample = rows.map((row) => column.sort?.(row)).find((key) => key !== null);
  return { column: column.id, down: typeof sample === "number" };
}

export interface Window {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
}

/** Which rows to draw: those in view and a few around them. */
export function rowsInView(
  scrolled: number,
  viewHeight: number,
  rowHeight: number,
  count: number,
  around = 8,
): Window {
  const first = Math.max(0, Math.min(count, Math.floor(scrolled / rowHeight) - around));
  const end = Math.min(count, Math.ceil((scrolled + viewHeight) / rowHeight) + around);
  return { first, end: Math.max(first, end) };
}

/** How far to scroll so that a row is in view below a heading that stays; the same where it is. */
export function scrollTo(
  row: number,
  scrolled: number,
  viewHeight: number,
  rowHeight: number,
): number {
  const top = row * rowHeight;
  if (top < scrolled) return top;
  if (top + rowHeight > scrolled + viewHeight) return top + rowHeight - viewHeight;
  return scrolled;
}

/** The row that a key moves to; none when the key does not move. */
export function moved(key: string, active: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const last = count - 1;
  switch (key) {
    case "ArrowDown":
      return Math.min(last, active + 1);
    case "ArrowUp":
      return Math.max(0, active - 1);
    case "PageDown":
      return Math.min(last, Math.max(0, active) + page);
    case "PageUp":
      return Math.max(0, active - page);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}
