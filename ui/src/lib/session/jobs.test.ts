import { describe, expect, it, vi } from "vitest";
import type { Backend } from "../backend/backend";
import type { Progress, SyncReportView } from "../bindings";
import { CallError } from "../errors";
import { Jobs } from "./jobs.svelte";

const report: SyncReportView = {
  portal: "1",
  kind: "full",
  outcome: "done",
  rows: 1,
  calls: 1,
  calls_to_check: 0,
  seconds: 1,
  streams: [],
  reconciliation: null,
};

const progress: Progress = {
  phase: "reading",
  what: "records/deals",
  steps_done: 1,
  steps_total: 2,
  done: 10,
  per_second: 5,
  seconds_left: 2,
  calls: 3,
};

function setUp(found = true) {
  const call = vi.fn().mockResolvedValue(found);
  const jobs = new Jobs({ call, onEvent: vi.fn() } as unknown as Backend);
  let end: (answer: SyncReportView) => void = () => undefined;
  let fail: (reason: unknown) => void = () => undefined;
  const run = jobs.run(
    "sync",
    "1",
    () =>
      new Promise<SyncReportView>((resolve, reject) => {
        [end, fail] = [resolve, reject];
      }),
  );
  run.catch(() => undefined);
  return { jobs, call, run, end: () => end(report), fail: (reason: unknown) => fail(reason) };
}

describe("Jobs", () => {
  it("follows its own work by its events, and no other's", () => {
    const { jobs } = setUp();
    const job = jobs.find("sync", "1");
    expect(job?.progress).toBeNull();
    jobs.hear({ event: "progress", job: "another", portal: "1", progress });
    expect(jobs.find("sync", "1")?.progress).toBeNull();
    jobs.hear({ event: "progress", job: job?.id ?? "", portal: "1", progress });
    expect(jobs.find("sync", "1")?.progress).toEqual(progress);
    expect(jobs.find("sync", "2")).toBeUndefined();
  });

  it("keeps how it ended until the next begins", async () => {
    const { jobs, run, end } = setUp();
    end();
    await run;
    expect(jobs.all).toEqual([]);
    expect(jobs.ending("sync", "1")?.answer).toEqual(report);
    void jobs.run("sync", "1", () => new Promise(() => undefined));
    expect(jobs.ending("sync", "1")).toBeUndefined();
  });

  it("keeps an error as one, whatever was thrown", async () => {
    const { jobs, run, fail } = setUp();
    fail(new TypeError("foreign"));
    await expect(run).rejects.toBeInstanceOf(CallError);
    expect(jobs.ending("sync", "1")?.error?.code).toBe("internal");
  });

  it("asks the program to stop, and says so meanwhile", async () => {
    const { jobs, call, run, fail } = setUp();
    const id = jobs.find("sync", "1")?.id ?? "";
    await jobs.cancel(id);
    expect(call).toHaveBeenCalledWith("cancel", { job: id });
    expect(jobs.find("sync", "1")?.stopping).toBe(true);
    fail(new CallError({ code: "cancelled", message: "m", hint: "h", retryable: true }));
    await expect(run).rejects.toMatchObject({ code: "cancelled" });
  });

  it("goes on when there was nothing to stop", async () => {
    const { jobs } = setUp(false);
    await jobs.cancel(jobs.find("sync", "1")?.id ?? "");
    expect(jobs.find("sync", "1")?.stopping).toBe(false);
  });
});
