// The person at the system's browser: looks at the consent page and presses "allow".

// `gio open URL` has a word before the address.
const page = process.argv.slice(2).find((word) => word.startsWith("http"));
const { hostname } = new URL(page);
if (!["127.0.0.1", "localhost", "[::1]"].includes(hostname)) process.exit(3);

const text = await (await fetch(page)).text();
const link = text.match(/<a [^>]*id="allow"[^>]*>/)?.[0].match(/href="([^"]*)"/)?.[1];
if (link === undefined) process.exit(4);
// Follows the redirect to the address where the app listens.
const answer = await fetch(new URL(link.replaceAll("&amp;", "&"), page));
process.exit(answer.ok ? 0 : 5);
