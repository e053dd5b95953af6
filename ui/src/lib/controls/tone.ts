export type Tone = "good" | "bad" | "warn" | "busy" | "idle" | "off";
