export { default as DataTable } from "./DataTable.svelte";
export type { Column, Sorting } from "./model";
