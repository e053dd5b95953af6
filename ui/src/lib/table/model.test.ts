import { describe, expect, it } from "vitest";
import {
  fitting,
  moved,
  pressed,
  rowsInView,
  scrollTo,
  sorted,
  tracks,
  type Column,
} from "./model";

type Row = { id: string; amount: number | null; weak?: boolean };
const columns: Column<Row>[] = [
  { id: "name", label: "Name", width: 80, sort: (row) => row.id },
  {
    id: "amount",
    label: "Amount",
    width: 80,
    sort: (row) => row.amount,
    weak: (row) => row.weak ?? false,
  },
  { id: "plain", label: "Plain", width: 80 },
];
const rows: Row[] = [
  { id: "b2", amount: 5 },
  { id: "b10", amount: null },
  { id: "A1", amount: 9 },
  { id: "c", amount: 7, weak: true },
];
const ids = (sorting: Parameters<typeof sorted>[2]) =>
  sorted(rows, columns, sorting).map((row) => row.id);

describe("sorted", () => {
  it("orders words as people do", () => {
    expect(ids({ column: "name", down: false })).toEqual(["A1", "b2", "b10", "c"]);
  });
  it("puts weak rows last and empty ones behind them, both ways", () => {
    expect(ids({ column: "amount", down: true })).toEqual(["A1", "b2", "c", "b10"]);
    expect(ids({ column: "amount", down: false })).toEqual(["b2", "A1", "c", "b10"]);
  });
  it("leaves alone what cannot be sorted", () => {
    expect(ids({ column: "plain", down: true })).toEqual(["b2", "b10", "A1", "c"]);
    expect(ids(null)).toEqual(["b2", "b10", "A1", "c"]);
  });
});

describe("pressed", () => {
  const [name, amount] = columns as [Column<Row>, Column<Row>];
  it("begins with the largest number and with A, then turns", () => {
    expect(pressed(null, amount, rows)).toEqual({ column: "amount", down: true });
    expect(pressed(null, name, rows)).toEqual({ column: "name", down: false });
    expect(pressed({ column: "name", down: false }, name, rows)).toEqual({
      column: "name",
      down: true,
    });
  });
});

describe("rowsInView", () => {
  it.each([
    [[0, 300, 30, 1000, 2], { first: 0, end: 12 }],
    [[300, 300, 30, 1000, 2], { first: 8, end: 22 }],
    [[29_700, 300, 30, 1000, 2], { first: 988, end: 1000 }],
    // After a filter fewer rows are left than the view was scrolled past.
    [[29_700, 300, 30, 3, 2], { first: 3, end: 3 }],
    [[0, 300, 30, 0, 2], { first: 0, end: 0 }],
  ] as const)("%j", (args, expected) => {
    expect(rowsInView(...(args as unknown as [number, number, number, number, number]))).toEqual(
      expected,
    );
  });
});

describe("scrollTo", () => {
  it.each([
    [[0, 90, 300, 30], 0],
    [[5, 90, 300, 30], 90],
    [[20, 90, 300, 30], 330],
  ] as const)("%j is %i", (args, expected) => {
    expect(scrollTo(...(args as unknown as [number, number, number, number]))).toBe(expected);
  });
});

describe("moved", () => {
  it.each([
    ["ArrowDown", -1, 0],
    ["ArrowDown", 9, 9],
    ["ArrowUp", 0, 0],
    ["PageDown", -1, 5],
    ["PageUp", 2, 0],
    ["End", 0, 9],
    ["x", 3, null],
  ] as const)("%s from %i goes to %s", (key, from, to) => {
    expect(moved(key, from, 10, 5)).toBe(to);
  });
  it("has nowhere to go in an empty table", () => expect(moved("End", 0, 0, 5)).toBeNull());
});

describe("tracks", () => {
  it("lets columns grow from their least width", () => {
    expect(
      tracks([
        { id: "a", label: "A", width: 120, grow: 2 },
        { id: "b", label: "B", width: 80 },
      ]),
    ).toEqual({ grid: "minmax(120px, 2fr) 80px", least: 120 + 80 + 16 + 16 });
  });
});

describe("fitting", () => {
  const three: Column<Row>[] = [
    { id: "a", label: "A", width: 100 },
    { id: "b", label: "B", width: 100, minor: 1 },
    { id: "c", label: "C", width: 100, minor: 2 },
  ];
  it.each([
    [0, "abc"],
    [348, "abc"],
    [347, "ab"],
    [231, "a"],
    [20, "a"],
  ])("in %i px: %s", (room, expected) => {
    expect(fitting(three, room).map(({ id }) => id)).toEqual(expected.split(""));
  });
});
