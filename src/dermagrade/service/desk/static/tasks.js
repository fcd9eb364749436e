// The photos to come: which they are, and their pixels, some ahead, so that a rater can go on without a connection.
// In memory only: no photo stays on the rater's device.

import { Trouble } from "./api.js";

const AHEAD = 8;

// Event "ahead": another number of photos is at hand.
export class Tasks extends EventTarget {
  done = null; // how many are graded, those that still wait to be sent included
  total = 0;
  ahead = 0; // photos after the one on the screen that need no connection any more
  state = "open"; // of the study
  #list = [];
  #last = -1; // position of the furthest task known
  #photos = new Map();
  #answered = new Set(); // items that were answered on this page
  #filling = null;

  constructor({ api, study, person, queue }) {
    super();
    Object.assign(this, { api, study, person, queue });
  }

  // The task that comes next, with its photo: {task, url}; null where none is left. Rejects with a Trouble.
  async next() {
    for (;;) {
      if (!this.#list.length) await this.#fill();
      if (!this.#list.length && this.#last >= 0) {
        // Photos that were given back, or that came later, may stand before the furthest one.
        this.#last = -1;
        await this.#fill();
      }
      const [task] = this.#list;
      if (!task) return null;
      try {
        const url = await this.#photo(task);
        this.#prefetch();
        return { task, url };
      } catch (trouble) {
        if (trouble.kind !== "refused") throw trouble;
        this.#drop(task); // taken off this rater's list in the meantime
      }
    }
  }

  // The task was answered; its photo is kept a while for undoing.
  take() {
    const task = this.#list.shift();
    this.#answered.add(task.item);
    this.done++;
    this.#prefetch();
    return task;
  }

  // The task is to be graded again, now.
  giveBack(task) {
    this.#answered.delete(task.item);
    this.done--;
    this.#list = [task, ...this.#list.filter((other) => other.item !== task.item)];
  }

  forget(task) {
    const photo = this.#photos.get(task.item);
    this.#photos.delete(task.item);
    photo?.then(URL.revokeObjectURL, () => {});
  }

  #drop(task) {
    this.#list = this.#list.filter((other) => other !== task);
    this.forget(task);
  }

  #fill() {
    this.#filling ??= this.#ask().finally(() => (this.#filling = null));
    return this.#filling;
  }

  async #ask() {
    // An answer may be stored while the list is on its way: what waited before counts as well as what waits then.
    const before = this.queue.steps(this.study);
    const uncounted = this.queue.balance(this.study);
    const query = `after=${this.#last}&count=${Math.min(50, AHEAD + 1 + before.size)}`;
    const reply = await this.api.get(`/desk/api/${this.study}/tasks?${query}`);
    if (reply.person !== this.person) throw new Trouble("other-person");
    this.state = reply.state;
    this.total = reply.total;
    this.done ??= reply.done + uncounted;
    const steps = new Map([...before, ...this.queue.steps(this.study)]);
    const known = new Set(this.#list.map((task) => task.item));
    for (const task of reply.tasks) {
      this.#last = Math.max(this.#last, task.position);
      const waits = steps.get(task.item) === "answers";
      if (!known.has(task.item) && !waits && !this.#answered.has(task.item)) this.#list.push(task);
    }
  }

  #photo(task) {
    if (!this.#photos.has(task.item)) {
      const loading = this.api.photo(task.item).then((blob) => URL.createObjectURL(blob));
      loading.catch(() => this.#photos.delete(task.item));
      this.#photos.set(task.item, loading);
    }
    return this.#photos.get(task.item);
  }

  async #prefetch() {
    try {
      if (this.#list.length <= AHEAD) await this.#fill();
      // One after the other: the next photo gets the whole line.
      for (const task of this.#list.slice(0, AHEAD + 1)) {
        await this.#photo(task);
        this.ahead = this.#list.indexOf(task);
        this.dispatchEvent(new Event("ahead"));
      }
    } catch {
      // It is asked for again when its turn comes.
    }
  }
}
