import { configure } from "@testing-library/svelte";
import { afterEach } from "vitest";

// What is waited for comes; how long that takes on a machine that does much else is no finding.
configure({ asyncUtilTimeout: 15_000 });

// happy-dom keeps storage and address across tests of a file; a test must not see another's.
afterEach(() => {
  window.localStorage.clear();
  window.location.hash = "";
});
