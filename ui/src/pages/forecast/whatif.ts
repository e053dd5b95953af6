import type { Change, DealRow, ForecastReport } from "$lib/bindings";
import { day, decimal, moneyWhole, percent } from "$lib/format";

/** What a deal is called where a name may be missing. */
export function dealName(row: DealRow): string {
  return row.name === null || row.name === "" ? `deal ${row.id}` : row.name;
}

/** What is supposed, in a sentence. */
export function changeWords(change: Change, report: ForecastReport): string {
  if (change.kind === "rates") {
    const by = (change.factor - 1) * 100;
    return `All chances ${by >= 0 ? "+" : ""}${decimal(by, 0)} %`;
  }
  const row = report.deals.find(({ id }) => id === change.deal);
  const name = row === undefined ? `deal ${change.deal}` : dealName(row);
  switch (change.kind) {
    case "drop":
      return `${name} is dropped`;
    case "close_on":
      return `${name} closes on ${day(change.day)}`;
    case "amount":
      return `${name} has ${moneyWhole({ amount: change.amount, currency: report.home_currency })}`;
    case "chance":
      return `${name} is won with a chance of ${percent(change.chance)}`;
  }
}
