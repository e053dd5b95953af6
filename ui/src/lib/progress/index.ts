export { default as JobProgress } from "./JobProgress.svelte";
export { codeWords, phaseWords, share, streamWords } from "./words";
