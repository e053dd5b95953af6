import { describe, expect, it } from "vitest";
import { Resource } from "./resource.svelte";

describe("Resource", () => {
  it("keeps the last answer while it asks again, and when that fails", async () => {
    const resource = new Resource<number>();
    await resource.ask(() => Promise.resolve(1));
    const asking = resource.ask(() => Promise.reject(new Error("no")));
    expect([resource.value, resource.busy]).toEqual([1, true]);
    await asking;
    expect([resource.value, resource.busy, resource.error?.code]).toEqual([1, false, "internal"]);
  });

  it("lets only the newest question answer", async () => {
    const resource = new Resource<string>();
    let first: (value: string) => void = () => undefined;
    const slow = resource.ask(() => new Promise<string>((resolve) => (first = resolve)));
    await resource.ask(() => Promise.resolve("new"));
    first("old");
    await slow;
    expect(resource.value).toBe("new");
  });

  it("takes what came by another way over what is still asked for", async () => {
    const resource = new Resource<string>();
    let first: (value: string) => void = () => undefined;
    const slow = resource.ask(() => new Promise<string>((resolve) => (first = resolve)));
    resource.put("changed");
    first("stale");
    await slow;
    expect([resource.value, resource.busy]).toEqual(["changed", false]);
  });
});
