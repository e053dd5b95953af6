import type { MoneyValue } from "../bindings";
import { DASH, NO_BREAK, count, decimal } from "./number";

/** The amount as a number: for drawing and sorting, never for adding up. */
export function amountOf(money: MoneyValue): number {
  return Number(money.amount);
}

type Unit = { readonly size: number; readonly name: string };

const UNITS: readonly Unit[] = [
  { size: 1e9, name: "bn" },
  { size: 1e6, name: "M" },
  { size: 1e3, name: "k" },
];

const PLAIN: Unit = { size: 1, name: "" };

/** The unit in which three digits say most about this amount; thousands only from 10,000 on. */
function unitFor(amount: number): Unit {
  const size = Math.abs(amount);
  // 999,950 would round to 1,000 k: the next unit takes over where rounding would reach it.
  return UNITS.find((unit) => size >= unit.size * 0.9995 && size >= 1e4 * 0.9995) ?? PLAIN;
}

function inUnit(amount: number, unit: Unit): string {
  const scaled = amount / unit.size;
  const digits =
    unit === PLAIN ? 0 : Math.abs(scaled) < 9.995 ? 2 : Math.abs(scaled) < 99.95 ? 1 : 0;
  return decimal(scaled, digits);
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(NO_BREAK);
}

/** `1.24 M EUR`, `84.0 k EUR`, `312 EUR`: three digits, for reading at a glance. */
export function moneyShort(money: MoneyValue): string {
  const amount = amountOf(money);
  const unit = unitFor(amount);
  return joined(inUnit(amount, unit), unit.name, money.currency);
}

/** `1.24 M`: where the currency stands beside it. */
export function amountShort(money: MoneyValue): string {
  const amount = amountOf(money);
  const unit = unitFor(amount);
  return joined(inUnit(amount, unit), unit.name);
}

/** `1,240,500 EUR`: whole units, for comparing down a column. */
export function moneyWhole(money: MoneyValue): string {
  return joined(count(amountOf(money)), money.currency);
}

/** `1,240,500.25 EUR`: to the cent. */
export function moneyExact(money: MoneyValue): string {
  return joined(decimal(amountOf(money), 2), money.currency);
}

/** Just the whole units, for a column whose heading names the currency. */
export function amountWhole(money: MoneyValue): string {
  return count(amountOf(money));
}

/** `1.10–1.60 M EUR`: both ends in the unit of the larger one. */
export function moneyRange(low: MoneyValue, high: MoneyValue): string {
  const [from, to] = [amountOf(low), amountOf(high)];
  const unit = unitFor(Math.max(Math.abs(from), Math.abs(to)));
  return joined(`${inUnit(from, unit)}${DASH}${inUnit(to, unit)}`, unit.name, high.currency);
}

/** `1.10 and 1.60 M EUR`: the same in a sentence. */
export function moneyBetween(low: MoneyValue, high: MoneyValue): string {
  const [from, to] = [amountOf(low), amountOf(high)];
  const unit = unitFor(Math.max(Math.abs(from), Math.abs(to)));
  return `${inUnit(from, unit)} and ${joined(inUnit(to, unit), unit.name, high.currency)}`;
}

/** `+84.0 k EUR` or `−84.0 k EUR`: a difference always shows its sign. */
export function moneySigned(money: MoneyValue): string {
  const text = moneyShort(money);
  return amountOf(money) > 0 ? `+${text}` : text;
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-6;
}

/** A tick of an axis: as few digits as tell it from its neighbours `step` away. */
export function axisAmount(amount: number, step: number, largest: number): string {
  const unit = unitFor(largest);
  const scaledStep = step / unit.size;
  const digits = [0, 1, 2].find((n) => isWhole(scaledStep * 10 ** n)) ?? 3;
  return amount === 0 ? "0" : joined(decimal(amount / unit.size, digits), unit.name);
}
