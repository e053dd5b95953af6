export { default as JobProgress } from "./JobProgress.svelte";
export { codeWords, inReadingOrder, phaseWords, share, streamWords } from "./words";
