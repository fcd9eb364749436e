// Talks to the server, and says in one word what came of it.

// kind: "offline" (no answer, or one that passes), "signed-out" (sign in again), "other-person" (somebody else signed in
// in this browser) or "refused" (the server said no, and will again).
export class Trouble extends Error {
  constructor(kind, detail = "", status = 0) {
    super(detail || kind);
    this.kind = kind;
    this.detail = detail;
    this.status = status;
  }
}

const PATIENCE_MS = 30_000;

export class Api {
  constructor({ person, csrf }) {
    this.person = person;
    this.csrf = csrf;
  }

  get(path) {
    return this.#json(path, { method: "GET" });
  }

  async post(path, body) {
    const send = () =>
      this.#json(path, {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": this.csrf },
        body: JSON.stringify(body),
      });
    try {
      return await send();
    } catch (trouble) {
      // After signing in again, in another tab, this page still holds the token of the session before.
      if (trouble.status !== 403 || !(await this.#renew())) throw trouble;
      return send();
    }
  }

  // The photo of an item as a Blob; kept in memory only.
  async photo(item) {
    const response = await this.#fetch(`/desk/photo/${encodeURIComponent(item)}`, { method: "GET" });
    try {
      return await response.blob();
    } catch {
      throw new Trouble("offline");
    }
  }

  async #renew() {
    const me = await this.get("/desk/api/me");
    if (me.person !== this.person) throw new Trouble("other-person");
    const renewed = me.csrf !== this.csrf;
    this.csrf = me.csrf;
    return renewed;
  }

  async #json(path, options) {
    const response = await this.#fetch(path, options);
    try {
      return await response.json();
    } catch {
      throw new Trouble("offline");
    }
  }

  async #fetch(path, options) {
    let response;
    try {
      response = await fetch(path, {
        ...options,
        cache: "no-store",
        credentials: "same-origin",
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    } catch {
      throw new Trouble("offline");
    }
    if (response.ok) return response;
    // A page that needs a session redirects to the sign-in.
    if (response.type === "opaqueredirect" || response.status === 401) throw new Trouble("signed-out", "", 401);
    if (response.status >= 500 || response.status === 408 || response.status === 429) {
      throw new Trouble("offline", "", response.status);
    }
    let detail = "";
    try {
      detail = (await response.json()).detail ?? "";
    } catch {
      // A proxy in between may answer with anything.
    }
    throw new Trouble("refused", detail || `The server answered ${response.status}.`, response.status);
  }
}

// 128 random bits as hexadecimal digits. crypto.randomUUID is there on HTTPS and localhost alone.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
