// Lesions that the rater marks: a click or tap is a centre, a drag sets the radius, a tap on a mark takes it away.

const NS = "http://www.w3.org/2000/svg";
const MOST = 1000;
const NEAR_PX = 10; // on the screen, around a mark's centre

// Event "change": another number of marks.
export class Marks extends EventTarget {
  on = true; // whether one pointer marks; else it moves the photo
  list = [];
  #draft = null;
  #hit = null;

  constructor(viewer, drawing) {
    super();
    this.viewer = viewer;
    this.group = document.createElementNS(NS, "g");
    drawing.append(this.group);
    viewer.hand = this;
    viewer.addEventListener("view", () => this.#place());
  }

  start(list = []) {
    this.list = list.map((mark) => ({ ...mark }));
    this.#draft = null;
    this.#changed();
  }

  toggle() {
    this.on = !this.on;
    this.#changed();
  }

  // Takes the mark that was made last away.
  pop() {
    this.list.pop();
    this.#changed();
  }

  // What one pointer does, as the viewer tells it.
  down(point, scale) {
    if (!this.on) return false;
    this.#hit = this.#at(point, scale);
    this.#draft = { ...this.#inside(point), radius: this.#usual };
    this.#draw();
    return true;
  }

  move(point) {
    if (!this.#draft) return;
    this.#hit = null;
    const radius = Math.hypot(point.x - this.#draft.x, point.y - this.#draft.y);
    this.#draft.radius = Math.min(Math.max(radius, 1), Math.min(this.viewer.width, this.viewer.height));
    this.#draw();
  }

  up(moved) {
    const draft = this.#draft;
    this.#draft = null;
    if (!moved && this.#hit) this.list = this.list.filter((mark) => mark !== this.#hit);
    else if (draft && this.list.length < MOST) this.list.push(rounded(draft));
    this.#changed();
  }

  cancel() {
    this.#draft = null;
    this.#draw();
  }

  // Radius of a mark that was only clicked: a hundredth of the photo's shorter side, and never too small to see.
  get #usual() {
    return Math.max(3, Math.min(this.viewer.width, this.viewer.height) / 100);
  }

  #inside({ x, y }) {
    return { x: Math.min(Math.max(x, 0), this.viewer.width), y: Math.min(Math.max(y, 0), this.viewer.height) };
  }

  #at(point, scale) {
    const gaps = this.list.map((mark) => Math.hypot(mark.x - point.x, mark.y - point.y));
    const near = this.list.filter((mark, i) => gaps[i] <= Math.max(mark.radius, NEAR_PX / scale));
    return near.sort((a, b) => gaps[this.list.indexOf(a)] - gaps[this.list.indexOf(b)])[0] ?? null;
  }

  #changed() {
    this.#draw();
    this.dispatchEvent(new Event("change"));
  }

  #draw() {
    const shown = this.#draft ? [...this.list, this.#draft] : this.list;
    this.group.replaceChildren(
      ...shown.flatMap(({ x, y, radius }) =>
        // A dark line below a light one is seen on any skin.
        ["under", "over"].map((name) => {
          const circle = document.createElementNS(NS, "circle");
          for (const [key, value] of Object.entries({ cx: x, cy: y, r: radius, class: name })) circle.setAttribute(key, value);
          return circle;
        }),
      ),
    );
  }

  #place() {
    const { x, y, scale } = this.viewer;
    this.group.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
  }
}

// A tenth of a pixel is more than a hand can mean.
function rounded({ x, y, radius }) {
  const tenth = (value) => Math.round(value * 10) / 10;
  return { x: tenth(x), y: tenth(y), radius: tenth(radius) };
}
