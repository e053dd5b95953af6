import { parseRoute, routeHash, type Page, type Route } from "./route";

/** The address of the window, as state. */
export class Router {
  #route = $state.raw<Route>(parseRoute(window.location.hash));

  constructor() {
    window.addEventListener("hashchange", () => {
      this.#route = parseRoute(window.location.hash);
    });
  }

  get route(): Route {
    return this.#route;
  }

  /** The address of this page with some parts changed. */
  href(changes: Partial<Route>): string {
    return routeHash({ ...this.#route, ...changes });
  }

  /** The address of a page: what was open on another one stays behind. */
  page(page: Page): string {
    return this.href({ page, deal: null, plan: null });
  }

  /** Goes there; the way back stays open. */
  go(changes: Partial<Route>): void {
    const hash = this.href(changes);
    // Known at once: the browser tells of it only later, and a correction made meanwhile would
    // begin from where the window was before.
    this.#route = parseRoute(hash);
    if (hash !== window.location.hash) window.location.hash = hash;
  }

  /** Corrects the address without a step of the way back. */
  correct(changes: Partial<Route>): void {
    const hash = this.href(changes);
    this.#route = parseRoute(hash);
    window.history.replaceState(window.history.state, "", hash);
  }
}
