import { afterEach } from "vitest";

// happy-dom keeps storage and address across tests of a file; a test must not see another's.
afterEach(() => {
  window.localStorage.clear();
  window.location.hash = "";
});
