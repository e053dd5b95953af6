import type { ErrorCode, WireError } from "../bindings";

/** An error on its way to a person: what happened, what to do, whether to try again. */
export class CallError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;

  constructor(wire: WireError) {
    super(wire.message);
    this.name = "CallError";
    this.code = wire.code;
    this.hint = wire.hint;
    this.retryable = wire.retryable;
  }
}

/** Whatever was thrown, as the one shape that screens know. Foreign texts are not passed on: they
 * were not written for a person and may hold anything. */
export function toCallError(thrown: unknown): CallError {
  if (thrown instanceof CallError) return thrown;
  if (isWireError(thrown)) return new CallError(thrown);
  return new CallError({
    code: "internal",
    message: "Something went wrong inside Plumbline. Your data was not changed.",
    hint: "Try again; if it stays, restart Plumbline.",
    retryable: true,
  });
}

function isWireError(value: unknown): value is WireError {
  if (typeof value !== "object" || value === null) return false;
  const { code, message, hint, retryable } = value as Record<string, unknown>;
  return (
    typeof code === "string" &&
    typeof message === "string" &&
    typeof hint === "string" &&
    typeof retryable === "boolean"
  );
}

/** The step that a screen can offer for a kind of error, beside trying again. */
export type Remedy = "unlock" | "reconnect" | "portals" | "none";

export function remedyFor(code: ErrorCode): Remedy {
  switch (code) {
    case "locked":
    case "wrong_passphrase":
    case "keychain_unavailable":
      return "unlock";
    case "disconnected":
    case "token_refused":
    case "missing_scope":
      return "reconnect";
    case "unknown_portal":
    case "damaged":
      return "portals";
    case "bad_input":
    case "unreachable":
    case "rate_limited":
    case "refused":
    case "cancelled":
    case "consent_timed_out":
    case "in_use":
    case "disk_full":
    case "newer_data":
    case "definition_conflict":
    case "wrong_plan_state":
    case "internal":
      return "none";
  }
}
