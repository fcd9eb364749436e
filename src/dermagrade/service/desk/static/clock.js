// How long a photo was seen, and when a break is due. Time in which it was hidden does not count.

const BREAK_AFTER_MS = 25 * 60_000;
const BREAK_LASTS_MS = 2 * 60_000;

export class Clock {
  #seen = 0; // ms of this photo before it was last hidden
  #since = null; // when it was last laid open
  #worked = 0; // ms of all photos since the last break
  #hiddenAt = null;

  // A new photo is on the screen.
  start() {
    this.hide();
    this.#seen = 0;
    this.show();
  }

  show() {
    if (this.#since !== null) return;
    if (this.#hiddenAt !== null && performance.now() - this.#hiddenAt >= BREAK_LASTS_MS) this.#worked = 0;
    this.#since = performance.now();
  }

  hide() {
    if (this.#since === null) return;
    const stretch = performance.now() - this.#since;
    this.#seen += stretch;
    this.#worked += stretch;
    this.#since = null;
    this.#hiddenAt = performance.now();
  }

  // When the photo was shown and answered, as the rater's clock has it; the time between is the time it was seen.
  times() {
    const seen = this.#seen + (this.#since === null ? 0 : performance.now() - this.#since);
    const answered = Date.now();
    return {
      shown_at: new Date(answered - Math.round(seen)).toISOString(),
      answered_at: new Date(answered).toISOString(),
    };
  }

  get breakIsDue() {
    const now = this.#since === null ? 0 : performance.now() - this.#since;
    return this.#worked + now >= BREAK_AFTER_MS;
  }

  // The suggestion was seen, and comes again after as long a time.
  breakTold() {
    if (this.#since !== null) {
      this.#seen += performance.now() - this.#since;
      this.#since = performance.now();
    }
    this.#worked = 0;
  }
}
