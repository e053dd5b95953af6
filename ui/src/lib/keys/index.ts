export { Chords, KEYS, type KeyAction } from "./chords";
