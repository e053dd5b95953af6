export { Jobs, type Job, type JobKind } from "./jobs.svelte";
export { Resource } from "./resource.svelte";
export { Session, provideSession, useSession } from "./session.svelte";
export { THEMES, type Theme } from "./theme.svelte";
