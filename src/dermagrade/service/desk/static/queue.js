// Sends what waits: in order, one at a time, again and again until the server has it. The key of each answer lets the
// server store it once however often it comes.

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

// Events: "change" (what waits, or how it goes, is another) and "stored" (detail: {entry, reply}).
export class Queue extends EventTarget {
  state = "idle"; // or "sending", "offline", "signed-out", "other-person"
  #entries = [];
  #timer = 0;
  #failures = 0;
  #running = false;

  constructor({ store, api, person }) {
    super();
    this.store = store;
    this.api = api;
    this.person = person;
    addEventListener("online", () => this.kick());
    addEventListener("focus", () => this.kick());
    addEventListener("pageshow", () => this.kick());
  }

  async load() {
    this.#entries = await this.store.ofPerson(this.person);
    this.#changed();
    this.kick();
  }

  // Resolves when the entry is kept on this device; sending goes on by itself.
  async add(study, verb, body) {
    const entry = { person: this.person, study, verb, body, problem: null };
    try {
      entry.seq = await this.store.add(entry);
    } catch {
      // The disk is full, or the browser took its permission back: the page itself still holds the answer.
      entry.seq = Number.MAX_SAFE_INTEGER - 1e6 + this.#entries.length;
      this.store.lasting = false;
    }
    this.#entries.push(entry);
    this.#changed();
    this.kick();
    return entry;
  }

  get waiting() {
    return this.#entries.filter((entry) => entry.problem === null);
  }

  get refused() {
    return this.#entries.filter((entry) => entry.problem !== null);
  }

  // Answers of a study that wait, less those that take one back: what the server has not counted yet.
  balance(study) {
    const verbs = this.waiting.filter((entry) => entry.study === study).map((entry) => entry.verb);
    return verbs.reduce((sum, verb) => sum + (verb === "answers" ? 1 : -1), 0);
  }

  // Item to its latest step that waits: "answers", or "undo".
  steps(study) {
    const latest = new Map();
    for (const entry of this.waiting) if (entry.study === study) latest.set(entry.body.item, entry.verb);
    return latest;
  }

  // Gives the refused another try, as after a study was opened again.
  async retry() {
    for (const entry of this.refused) {
      entry.problem = null;
      await this.store.put(entry).catch(() => {});
    }
    this.#changed();
    this.kick();
  }

  async dismiss() {
    for (const entry of this.refused) await this.#drop(entry);
    this.#changed();
  }

  // Tries at once, unless it is trying already.
  kick() {
    clearTimeout(this.#timer);
    if (!this.#running) this.#run();
  }

  async #run() {
    this.#running = true;
    try {
      for (let entry = this.waiting[0]; entry; entry = this.waiting[0]) {
        if (this.state === "idle") this.#enter("sending");
        const reply = await this.api.post(`/desk/api/${entry.study}/${entry.verb}`, entry.body);
        this.#failures = 0;
        await this.#drop(entry);
        this.#enter(this.waiting.length ? "sending" : "idle");
        this.dispatchEvent(new CustomEvent("stored", { detail: { entry, reply } }));
      }
      this.#enter("idle");
    } catch (trouble) {
      await this.#failed(trouble);
    } finally {
      this.#running = false;
    }
  }

  async #failed(trouble) {
    if (trouble.kind === "refused") {
      const [entry] = this.waiting;
      entry.problem = trouble.detail;
      await this.store.put(entry).catch(() => {});
      this.#enter("idle");
      this.#timer = setTimeout(() => this.kick(), 0);
      return;
    }
    if (trouble.kind === undefined) console.error(trouble);
    this.#enter(trouble.kind ?? "offline");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    // Spread out, so that fifty raters do not all come back in the same second.
    this.#timer = setTimeout(() => this.kick(), wait * (0.75 + Math.random() / 2));
  }

  async #drop(entry) {
    // One that cannot be removed is sent again later, and stored no second time.
    await this.store.remove(entry.seq).catch(() => {});
    this.#entries = this.#entries.filter((other) => other !== entry);
  }

  #enter(state) {
    this.state = state;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
