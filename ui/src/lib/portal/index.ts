export { copies, type Copy } from "./copy";
export { pipelineOptions } from "./pipelines";
export { default as PortalChip } from "./PortalChip.svelte";
export { COLOURS } from "./colours";
