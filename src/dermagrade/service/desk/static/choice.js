// The scale's levels as buttons and keys. A short scale is answered by one choice; on a long one, with half steps, a
// grade is put together first and then confirmed.

const MOST_AT_ONCE = 9;

// Events: "choose" (detail: the grade that was decided on), "consider" (detail: the one that stands to be confirmed).
export class Choice extends EventTarget {
  #chosen = null; // index of a level, where the choice is to be confirmed
  #buttons = new Map(); // value to button

  constructor(root, levels) {
    super();
    this.root = root;
    this.levels = levels;
    this.atOnce = levels.length <= MOST_AT_ONCE;
    const whole = levels.every(({ value }) => Number.isInteger(value) && value >= 0 && value <= 9);
    // The key is the number on the button; only where the numbers are no digits is it the place in the row.
    this.digits = new Map(
      levels
        .filter(({ value }) => !this.atOnce || !whole || Number.isInteger(value))
        .filter(({ value }) => this.atOnce || (Number.isInteger(value) && value >= 0 && value <= 9))
        .map((level, i) => [String(this.atOnce && !whole ? i + 1 : level.value), level.value]),
    );
    this.#build();
  }

  // A new photo: nothing is chosen. `before` is what was answered and taken back, if anything.
  start(before = null) {
    this.#chosen = null;
    for (const [value, button] of this.#buttons) button.classList.toggle("before", value === before);
    if (!this.atOnce) this.#show(before === null ? null : this.levels.findIndex(({ value }) => value === before));
  }

  // The grades of a calibration photo, side by side.
  compare(mine, reference) {
    for (const [value, button] of this.#buttons) {
      button.classList.toggle("mine", value === mine);
      button.classList.toggle("reference", value === reference);
    }
  }

  // True where the key means something here.
  key(name) {
    if (this.digits.has(name)) return this.#pick(this.digits.get(name));
    if (this.atOnce) return false;
    if (name === "." || name === ",") return this.#half();
    if (name === "ArrowUp" || name === "ArrowRight") return this.#step(1);
    if (name === "ArrowDown" || name === "ArrowLeft") return this.#step(-1);
    if (name === "Enter") return this.#confirm();
    return false;
  }

  describe(grade) {
    const level = this.levels.find(({ value }) => value === grade);
    return level ? `${level.value} ${level.label}` : String(grade);
  }

  #build() {
    const keys = new Map([...this.digits].map(([key, value]) => [value, key]));
    const shown = this.atOnce ? this.levels : this.levels.filter(({ value }) => Number.isInteger(value));
    for (const level of shown) {
      const button = element("button", "level");
      button.type = "button";
      button.append(element("span", "number", String(level.value)), element("span", "name", level.label));
      if (level.words) button.append(element("span", "words", level.words));
      if (keys.has(level.value)) button.setAttribute("aria-keyshortcuts", keys.get(level.value));
      const key = keys.get(level.value);
      if (key !== undefined && key !== String(level.value)) button.append(element("kbd", "", key));
      button.addEventListener("click", () => {
        this.#pick(level.value);
        // Enter then confirms, rather than choosing the same grade again.
        this.confirm?.focus({ preventScroll: true });
      });
      this.#buttons.set(level.value, button);
    }
    const row = element("div", this.atOnce ? "row" : "row dial");
    row.append(...this.#buttons.values());
    this.root.append(row);
    if (this.atOnce) return;
    this.readout = element("p", "readout");
    this.readout.setAttribute("role", "status");
    this.less = this.#button("−½", "A half step less", () => this.#step(-1));
    this.more = this.#button("+½", "A half step more", () => this.#step(1));
    this.confirm = this.#button("Confirm", "Confirm the grade", () => this.#confirm());
    this.confirm.className = "confirm";
    const steps = element("div", "steps");
    steps.append(this.less, this.more, this.confirm);
    this.root.append(this.readout, steps);
  }

  #button(text, label, act) {
    const button = element("button", "second", text);
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    return button;
  }

  #pick(value) {
    if (this.atOnce) this.#decide(value);
    else this.#show(this.levels.findIndex((level) => level.value === value));
    return true;
  }

  #half() {
    const now = this.levels[this.#chosen]?.value;
    if (now === undefined) return true;
    const wanted = Number.isInteger(now) ? now + 0.5 : Math.floor(now);
    const index = this.levels.findIndex(({ value }) => value === wanted);
    if (index >= 0) this.#show(index);
    return true;
  }

  #step(by) {
    const index = this.#chosen === null ? 0 : this.#chosen + by;
    this.#show(Math.min(Math.max(index, 0), this.levels.length - 1));
    return true;
  }

  #confirm() {
    if (this.#chosen !== null) this.#decide(this.levels[this.#chosen].value);
    return true;
  }

  #show(index) {
    this.#chosen = index;
    const level = index === null ? null : this.levels[index];
    for (const [value, button] of this.#buttons) {
      const part = level !== null && Math.floor(level.value) === value;
      button.classList.toggle("chosen", part);
      button.setAttribute("aria-pressed", String(part));
    }
    const below = level && this.#buttons.get(Math.floor(level.value));
    const words = level?.words || (below && `A half step above ${Math.floor(level.value)}.`) || "";
    this.readout.replaceChildren(
      ...(level
        ? [element("strong", "", `${level.value} ${level.label}`), element("span", "soft", ` ${words}`)]
        : [element("span", "soft", "Choose a grade, then confirm it.")]),
    );
    this.confirm.disabled = level === null;
    if (level !== null) this.dispatchEvent(new CustomEvent("consider", { detail: level.value }));
  }

  #decide(value) {
    this.dispatchEvent(new CustomEvent("choose", { detail: value }));
  }
}

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
