import { execFileSync } from "node:child_process";
import { ROOT } from "./host";

/** Brings the pages and the host up to date; with nothing changed this takes a second or two. */
export default function build(): void {
  const stdio = ["ignore", "ignore", "inherit"] as const;
  execFileSync("npm", ["run", "--silent", "build"], { cwd: `${ROOT}/ui`, stdio: [...stdio] });
  // Whoever names a host has built it.
  if (process.env["PLUMBLINE_BROWSER_HOST"] !== undefined) return;
  execFileSync("cargo", ["build", "--quiet", "--locked", "-p", "browser-host"], {
    cwd: ROOT,
    stdio: [...stdio],
  });
}
