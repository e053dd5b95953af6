export { copies, type Copy } from "./copy";
export { default as PortalChip } from "./PortalChip.svelte";
export { COLOURS } from "./colours";
