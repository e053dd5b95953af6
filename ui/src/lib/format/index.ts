/** Every number, sum and date on a screen is written here and nowhere else. */
export * from "./money";
export * from "./number";
export * from "./time";
