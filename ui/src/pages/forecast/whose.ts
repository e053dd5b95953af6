import type { ForecastView, QuotaEntry } from "$lib/bindings";
import { visible } from "$lib/text";

/** Whose deals an address means, as the program wants it. */
export function whoseArgs(whose: string | null): { team: string | null; owner: string | null } {
  const [kind, id] = whose?.split(":") ?? [];
  return {
    team: kind === "team" && id !== undefined ? id : null,
    owner: kind === "owner" && id !== undefined ? id : null,
  };
}

/** Who can be chosen: everybody, the teams, the owners. */
export function whoseOptions(view: ForecastView | null): { value: string; text: string }[] {
  return [
    { value: "", text: "Everybody" },
    ...(view?.teams ?? []).map(({ id, name, owners }) => ({
      value: `team:${id}`,
      text: `Team ${visible(name, 60)} (${owners})`,
    })),
    ...(view?.owners ?? []).map(({ id, name }) => ({
      value: `owner:${id}`,
      text: visible(name ?? `owner ${id}`, 60),
    })),
  ];
}

/** What a quota is for, beside its period. */
export function quotaScope(entry: QuotaEntry, view: ForecastView | null): string {
  const pipeline = view?.pipelines.find(({ id }) => id === entry.pipeline)?.label;
  const parts = [
    entry.pipeline === null ? null : visible(pipeline ?? `pipeline ${entry.pipeline}`, 60),
    entry.team === null
      ? null
      : `team ${visible(view?.teams.find(({ id }) => id === entry.team)?.name ?? entry.team, 60)}`,
    entry.owner === null
      ? null
      : visible(view?.owners.find(({ id }) => id === entry.owner)?.name ?? entry.owner, 60),
  ].filter((part) => part !== null);
  return parts.length === 0 ? "everything" : parts.join(", ");
}
