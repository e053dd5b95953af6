export { PAGES, START, isPeriod, parseRoute, routeHash, type Page, type Route } from "./route";
export { Router } from "./router.svelte";
