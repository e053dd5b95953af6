/** The queries of the repository, so that the window shows the very text that runs. */
const files = import.meta.glob<string>("../../../../sql/read/*.sql", {
  query: "?raw",
  import: "default",
  eager: true,
});

const texts = new Map(
  Object.entries(files).map(([path, text]) => [path.replace(/^.*\/|\.sql$/g, ""), text.trim()]),
);

/** The text of a query, if this build carries it. */
export function queryText(name: string): string | null {
  return texts.get(name) ?? null;
}
