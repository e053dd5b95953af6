export { default as Text } from "./Text.svelte";
export { pieces, visible, type Piece } from "./visible";
