// Pictures of the grades: small ones to choose from, and one of them beside the photo.

export class Pictures {
  #shown = null; // grade whose picture stands beside the photo
  #last; // that comes back

  constructor(root, beside, describe) {
    this.beside = beside;
    this.describe = describe;
    this.buttons = new Map([...root.querySelectorAll("button")].map((button) => [Number(button.value), button]));
    this.#last = this.buttons.keys().next().value;
    for (const [grade, button] of this.buttons) {
      button.addEventListener("click", (event) => {
        this.#show(grade === this.#shown ? null : grade);
        // After a click or a tap, Enter is to confirm the grade; after a key it is this button's.
        if (event.detail) button.blur();
      });
    }
  }

  // The last picture, or none.
  toggle() {
    this.#show(this.#shown === null ? this.#last : null);
  }

  // A rater thinks of this grade: its picture, or that of the next lower one, is the one to compare with.
  follow(grade) {
    const nearest = [...this.buttons.keys()].filter((one) => one <= grade).at(-1);
    if (nearest === undefined) return;
    if (this.#shown === null) this.#last = nearest;
    else this.#show(nearest);
  }

  #show(grade) {
    this.#shown = grade;
    if (grade !== null) {
      this.#last = grade;
      const image = this.beside.querySelector("img");
      image.src = this.buttons.get(grade).querySelector("img").src;
      image.alt = `Picture of grade ${grade}`;
      this.beside.querySelector("figcaption").textContent = `Picture of ${this.describe(grade)}`;
    }
    this.beside.hidden = grade === null;
    for (const [one, button] of this.buttons) button.setAttribute("aria-pressed", String(one === grade));
  }
}
