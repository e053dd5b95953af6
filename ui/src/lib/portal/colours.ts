/** The eight portal colours by name, in the order of the tokens. */
export const COLOURS = [
  "Blue",
  "Teal",
  "Orange",
  "Pink",
  "Green",
  "Violet",
  "Ochre",
  "Grey",
] as const;
