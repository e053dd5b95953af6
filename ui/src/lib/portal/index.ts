export { default as PortalChip } from "./PortalChip.svelte";
export { COLOURS } from "./colours";
