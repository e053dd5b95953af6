import { QUERIES } from "../bindings/queries";

/** The text of a query as it runs, if this build carries it. */
export function queryText(name: string): string | null {
  return Object.hasOwn(QUERIES, name) ? (QUERIES[name] ?? null) : null;
}
