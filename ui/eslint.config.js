import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

// Text from a CRM is hostile: it reaches the page as text nodes and in no other way.
const markupSinks = ["innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc"].map((name) => ({
  selector: `MemberExpression[property.name='${name}']`,
  message: "Text from a CRM must never become markup: use a text node.",
}));

export default ts.config(
  { ignores: ["dist", "dist-mock", "test-results", "src/lib/bindings"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      "no-restricted-syntax": ["error", ...markupSinks],
      "no-console": "error",
      "no-undef": "off",
      eqeqeq: "error",
      "svelte/no-at-html-tags": "error",
      "svelte/no-target-blank": "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
  },
  {
    // One file knows the shell, so that everything else runs in a plain browser too.
    files: ["src/**"],
    ignores: ["src/lib/backend/tauri.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@tauri-apps/*"], message: "Only lib/backend/tauri.ts knows Tauri." },
          ],
        },
      ],
    },
  },
  {
    // The lower floors know nothing of the pages built on them, and pages know nothing of each other.
    files: ["src/lib/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["**/pages/**", "**/frame/**", "@tauri-apps/*"] }] },
      ],
    },
  },
  {
    files: ["src/lib/backend/tauri.ts"],
    rules: { "no-restricted-imports": "off" },
  },
);
