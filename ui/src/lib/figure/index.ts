export { default as FigureCard } from "./Figure.svelte";
export { default as QueryView } from "./QueryView.svelte";
export { default as RateFigure } from "./RateFigure.svelte";
export { evidenceWords, figureWords, rateWords } from "./words";
