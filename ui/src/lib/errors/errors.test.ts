import { describe, expect, it } from "vitest";
import { CallError, remedyFor, toCallError } from ".";

describe("toCallError", () => {
  it("keeps the wire's words and code", () => {
    const error = toCallError({
      code: "disconnected",
      message: "HubSpot refused the token.",
      hint: "Reconnect Acme.",
      retryable: false,
    });
    expect(error).toMatchObject({
      code: "disconnected",
      hint: "Reconnect Acme.",
      retryable: false,
    });
    expect(error.message).toBe("HubSpot refused the token.");
  });

  it("passes an error through unchanged", () => {
    const error = toCallError({ code: "refused", message: "m", hint: "h", retryable: true });
    expect(toCallError(error)).toBe(error);
  });

  it.each([[new Error("/home/ada/secret")], ["text"], [null], [{ code: "refused" }]])(
    "never shows a foreign text: %s",
    (thrown) => {
      const error = toCallError(thrown);
      expect(error).toBeInstanceOf(CallError);
      expect(error.code).toBe("internal");
      expect(error.message).not.toContain("secret");
    },
  );
});

describe("remedyFor", () => {
  it("offers the step that helps", () => {
    expect(remedyFor("locked")).toBe("unlock");
    expect(remedyFor("disconnected")).toBe("reconnect");
    expect(remedyFor("damaged")).toBe("portals");
    expect(remedyFor("rate_limited")).toBe("none");
  });
});
