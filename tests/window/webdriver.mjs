// The few words of WebDriver that a walk through the window needs, over plain fetch.

/** How the protocol names an element inside JSON (W3C WebDriver, 12.2). */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** How long an element may take to come; a debug build that syncs a portal is not fast. */
const PATIENCE_MS = 20_000;

export class Window {
  #session;

  constructor(session) {
    this.#session = session;
  }

  /** Starts `application` under the driver at `driver` and waits for its window. */
  static async open(driver, application, args) {
    const alwaysMatch = { "tauri:options": { application, args } };
    const { sessionId } = await request(`${driver}/session`, { capabilities: { alwaysMatch } });
    return new Window(`${driver}/session/${sessionId}`);
  }

  async close() {
    await request(this.#session, undefined, "DELETE");
  }

  /** Runs a function's body in the page. */
  async run(script, ...args) {
    return request(`${this.#session}/execute/sync`, { script, args });
  }

  async title() {
    return request(`${this.#session}/title`);
  }

  /** A PNG of what is on the screen, as bytes; of now, not of the frame before. */
  async screenshot() {
    await this.run(
      "return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))",
    );
    return Buffer.from(await request(`${this.#session}/screenshot`), "base64");
  }

  /** Whether anything visible has this role and name now. */
  async has(role, name) {
    return (await this.#find(role, name)) !== null;
  }

  /** The visible element of this role whose name is, or matches, `name`; waits for it to come. */
  async get(role, name, patience = PATIENCE_MS) {
    let found = null;
    await until(async () => (found = await this.#find(role, name)) !== null, {
      patience,
      what: () => this.#absence(role, name),
    });
    return found;
  }

  async click(role, name, patience = PATIENCE_MS) {
    // A page may replace an element between looking and clicking; then it is looked for again.
    await until(
      async () => {
        const element = await this.get(role, name, patience);
        return this.#element(element, "click", {}).then(
          () => true,
          (error) => {
            if (error.stale) return false;
            throw error;
          },
        );
      },
      { patience, what: () => `a click on ${role} ${name}` },
    );
  }

  async type(role, name, text) {
    const element = await this.get(role, name);
    await this.#element(element, "clear", {});
    await this.#element(element, "value", { text });
  }

  /** The text of the whole page, as it is seen; blanks that may not break are plain ones here. */
  async text() {
    const text = await this.run("return document.body.innerText");
    return text.replace(/[\u00a0\u2009\u202f]/g, " ");
  }

  /** Waits until the page's text matches, and gives the match. */
  async waitForText(pattern, patience = PATIENCE_MS) {
    let match = null;
    await until(async () => (match = (await this.text()).match(pattern)) !== null, {
      patience,
      what: async () => `${pattern} in:\n${await this.text()}`,
    });
    return match;
  }

  async #element(element, action, body) {
    return request(`${this.#session}/element/${element[ELEMENT]}/${action}`, body);
  }

  async #find(role, name) {
    const wanted = name instanceof RegExp ? { source: name.source, flags: name.flags } : name;
    return this.run(FIND, role, wanted);
  }

  async #absence(role, name) {
    return `${role} ${name}; the page says:\n${await this.text()}`;
  }
}

/** Asks again until `condition` holds; fails after `patience` with what was waited for. */
export async function until(condition, { patience = PATIENCE_MS, what }) {
  const end = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${await what()}`);
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

async function request(address, body, method = body === undefined ? "GET" : "POST") {
  const answer = await fetch(address, {
    method,
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const { value } = await answer.json();
  if (!answer.ok) {
    const error = new Error(`${method} ${new URL(address).pathname}: ${value.error}: ${value.message}`);
    error.stale = ["stale element reference", "element click intercepted"].includes(value.error);
    throw error;
  }
  return value;
}

/** Runs in the page: finds by role and accessible name, as a screen reader's user would. */
const FIND = `
  const [role, wanted] = arguments;
  const tags = {
    button: "button, summary", link: "a[href]", heading: "h1, h2, h3, h4", dialog: "dialog[open]",
    textbox: "input:not([type]), input[type=text], input[type=password], input[type=search], textarea",
    checkbox: "input[type=checkbox]", combobox: "select", table: "table", row: "tr",
    radio: "input[type=radio]", main: "main", status: "output", progressbar: "progress",
  };
  const said = (element) => (element?.innerText ?? "").replace(/\\s+/g, " ").trim();
  const name = (element) => {
    const by = element.getAttribute("aria-labelledby");
    if (by) return by.split(/\\s+/).map((id) => said(document.getElementById(id))).join(" ");
    const own = element.getAttribute("aria-label");
    if (own) return own;
    if (element.labels?.length) return [...element.labels].map(said).join(" ");
    return said(element) || (element.getAttribute("title") ?? "");
  };
  const fits = (text) => wanted === null || wanted === undefined ? true
    : typeof wanted === "string" ? text === wanted
    : new RegExp(wanted.source, wanted.flags).test(text);
  const selector = '[role="' + role + '"]' + (tags[role] ? ", " + tags[role] : "");
  // Behind a modal dialog nothing can be reached.
  const modal = document.querySelector("dialog:modal");
  for (const element of document.querySelectorAll(selector)) {
    if (modal && !modal.contains(element)) continue;
    const explicit = element.getAttribute("role");
    if (explicit && explicit !== role) continue;
    if (element.closest("[hidden], [inert], [aria-hidden=true]")) continue;
    if (element.getClientRects().length === 0 || element.disabled) continue;
    if (element.getAttribute("aria-disabled") === "true") continue;
    if (fits(name(element))) return element;
  }
  return null;
`;
