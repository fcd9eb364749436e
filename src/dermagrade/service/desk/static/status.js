// Says calmly how the connection is and what waits.

import { element } from "./choice.js";

const answers = (count) => (count === 1 ? "1 answer" : `${count} answers`);

export class Status {
  trouble = null; // kind of the trouble that the photos have, if any

  constructor({ root, queue, store, signIn }) {
    Object.assign(this, { root, queue, store, signIn });
    queue.addEventListener("change", () => this.render());
    addEventListener("beforeunload", (event) => {
      // Only where leaving would lose something.
      if (!store.lasting && queue.waiting.length) event.preventDefault();
    });
  }

  set(trouble) {
    this.trouble = trouble;
    this.render();
  }

  render() {
    const parts = [this.#connection(), this.#keeping(), this.#refused()].filter(Boolean);
    const text = parts.map((part) => part.textContent).join("\n");
    // A screen reader speaks with every change; the same again is none.
    if (text === this.text) return;
    this.text = text;
    this.root.replaceChildren(...parts);
  }

  #connection() {
    const count = this.queue.waiting.length;
    const kind = ["idle", "sending"].includes(this.queue.state) ? this.trouble : this.queue.state;
    const kept = count ? ` ${answers(count)} ${count === 1 ? "is" : "are"} kept on this device` : "";
    if (kind === "signed-out") {
      const line = element("p", "notice", `Your session has ended.${kept ? `${kept}; nothing is lost.` : ""} `);
      const link = element("a", "", "Sign in again");
      link.href = this.signIn;
      line.append(link);
      return line;
    }
    if (kind === "other-person") {
      return element(
        "p",
        "notice",
        `Somebody else has signed in in this browser.${kept ? `${kept} until you sign in again.` : ""}`,
      );
    }
    if (kind === "offline") {
      const go = kept ? `${kept} and will be sent by ${count === 1 ? "itself" : "themselves"}.` : " Trying again.";
      return element("p", "notice", `No connection.${go} You can go on.`);
    }
    return count > 3 ? element("p", "soft", `Sending ${answers(count)}.`) : null;
  }

  #keeping() {
    if (this.store.lasting) return null;
    return element("p", "notice", "This browser keeps nothing: leave the page open until all answers are sent.");
  }

  #refused() {
    const refused = this.queue.refused;
    if (!refused.length) return null;
    const box = element("div", "problem");
    const were = refused.length === 1 ? "was" : "were";
    box.append(element("p", "", `${answers(refused.length)} ${were} not taken and ${were} kept on this device:`));
    const list = element("ul");
    for (const sentence of new Set(refused.map((entry) => entry.problem))) list.append(element("li", "", sentence));
    const again = element("button", "second small", "Try again");
    again.addEventListener("click", () => this.queue.retry());
    const drop = element("button", "danger small", "Remove");
    drop.addEventListener("click", () => this.queue.dismiss());
    const row = element("div", "buttons");
    row.append(again, drop);
    box.append(list, row);
    return box;
  }
}
