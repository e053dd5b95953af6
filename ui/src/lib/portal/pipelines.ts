import type { PipelineOption } from "$lib/bindings";
import { visible } from "$lib/text";

/** The pipelines to choose from, all of them first. */
export function pipelineOptions(pipelines: readonly PipelineOption[] | null | undefined) {
  const own = (pipelines ?? []).map(({ id, label }) => ({ value: id, text: visible(label, 60) }));
  return [{ value: "", text: "All pipelines" }, ...own];
}
