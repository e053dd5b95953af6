import { beforeEach, describe, expect, it } from "vitest";
import { Router } from "./router.svelte";

describe("Router", () => {
  beforeEach(() => window.history.replaceState(null, "", "#/portals"));

  it("knows where it went before the browser tells of it", () => {
    const router = new Router();
    router.go({ page: "sync", portal: "4711" });
    expect(router.route).toMatchObject({ page: "sync", portal: "4711" });
  });

  it("corrects the address that was gone to, not the one before", () => {
    const router = new Router();
    router.go({ page: "sync", portal: "4711" });
    router.correct({ pipeline: null });
    expect(router.route).toMatchObject({ page: "sync", portal: "4711" });
    expect(window.location.hash).toBe(router.href({}));
  });

  it("follows the way back", () => {
    const router = new Router();
    router.go({ page: "sync" });
    window.history.replaceState(null, "", "#/writebacks");
    window.dispatchEvent(new HashChangeEvent("hashchange"));
    expect(router.route.page).toBe("writebacks");
  });
});
