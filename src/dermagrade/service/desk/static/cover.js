// What stands where the photo was: a pause, a word between two rounds, the end; and the team's grade in calibration.

import { element } from "./choice.js";

export class Cover {
  #proceed = null;

  constructor(root, work) {
    this.root = root;
    this.work = work; // what it hides
  }

  // A page that stays; `links` are [text, address].
  show(title, sentences, links = []) {
    const box = element("div", "card");
    const heading = element("h2", "", title);
    heading.tabIndex = -1;
    box.append(heading, ...[sentences].flat().map((sentence) => element("p", "", sentence)));
    for (const [text, address] of links) {
      const link = element("a", "button", text);
      link.href = address;
      box.append(link);
    }
    this.root.replaceChildren(box);
    this.root.hidden = false;
    this.work.classList.add("covered");
    this.work.inert = true;
    heading.focus({ preventScroll: true });
    return box;
  }

  // A page with one button; resolves when it, or Enter, is pressed.
  ask(title, sentences, label) {
    return this.#wait(this.show(title, sentences), label);
  }

  // In calibration the photo stays, and what the team thinks stands beside it.
  feedback(team, mine) {
    const box = element("div", "card feedback");
    const line = element("p", "big", team);
    line.setAttribute("role", "status");
    box.append(line, element("p", "", mine));
    this.root.replaceChildren(box);
    this.root.hidden = false;
    return { say: (text) => (line.textContent = text), goOn: this.#wait(box, "Go on").then(() => this.hide()) };
  }

  hide() {
    this.root.hidden = true;
    this.root.replaceChildren();
    this.work.classList.remove("covered");
    this.work.inert = false;
  }

  // True where Enter meant something.
  proceed() {
    this.#proceed?.();
    return this.#proceed !== null;
  }

  #wait(box, label) {
    const button = element("button", "", label);
    button.type = "button";
    box.append(button);
    button.focus({ preventScroll: true });
    return new Promise((resolve) => {
      this.#proceed = () => {
        this.#proceed = null;
        resolve();
      };
      button.addEventListener("click", () => this.#proceed?.(), { once: true });
    });
  }
}
