export const THEMES = ["system", "light", "dark", "contrast"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "plumbline.theme";

/** The chosen theme, and the set of tokens that follows from it. */
export class ThemeChoice {
  chosen = $state<Theme>("system");
  readonly #dark = window.matchMedia("(prefers-color-scheme: dark)");
  readonly #contrast = window.matchMedia("(prefers-contrast: more)");

  constructor() {
    const stored = window.localStorage.getItem(KEY);
    this.chosen = THEMES.find((theme) => theme === stored) ?? "system";
    for (const query of [this.#dark, this.#contrast]) {
      query.addEventListener("change", () => this.#apply());
    }
    this.#apply();
  }

  choose(theme: Theme): void {
    this.chosen = theme;
    window.localStorage.setItem(KEY, theme);
    this.#apply();
  }

  #apply(): void {
    const system = this.#contrast.matches ? "contrast" : this.#dark.matches ? "dark" : "light";
    document.documentElement.dataset["theme"] = this.chosen === "system" ? system : this.chosen;
  }
}
