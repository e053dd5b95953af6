import type { ConnectionWay } from "$lib/bindings";
import type { Part } from "./CredentialForm.svelte";

/** What a portal is connected by, as HubSpot shows it. */
export const TOKEN: readonly Part[] = [
  { label: "Token", secret: true, missing: "Paste the token." },
];
export const NEW_TOKEN: readonly Part[] = [
  { label: "New token", secret: true, missing: "Paste the new token." },
];
export const OWN_APP: readonly Part[] = [
  { label: "Client ID", secret: false, missing: "Paste the client ID." },
  { label: "Client secret", secret: true, missing: "Paste the client secret." },
];

export function byToken([token = ""]: readonly string[]): ConnectionWay {
  return { kind: "token", token };
}

export function byOwnApp([client_id = "", client_secret = ""]: readonly string[]): ConnectionWay {
  return { kind: "own_app", client_id, client_secret };
}
