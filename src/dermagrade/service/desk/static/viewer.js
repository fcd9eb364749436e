// The photo in its frame: its own pixels, zoomed and moved by wheel, pinch, drag, buttons and keys.

const MOST = 16; // device pixels for one of the photo
const STEP = 1.25;
const SLACK_PX = { mouse: 3, pen: 6, touch: 10 };

// Events: "view" (what is seen changed), "status" (the zoom, for the reader). `hand` may take what one pointer does:
// {down(point, scale) -> bool, move(point), up(point, moved), cancel()}, points in pixels of the photo.
export class Viewer extends EventTarget {
  hand = null;
  width = 1;
  height = 1;
  scale = 1; // CSS pixels for one of the photo
  x = 0; // of the photo's corner in the frame
  y = 0;
  #pointers = new Map();
  #gesture = null; // "pan", "hand" or "pinch"
  #fitted = true;

  constructor(frame, image) {
    super();
    this.frame = frame;
    this.image = image;
    new ResizeObserver(() => (this.#fitted ? this.fit() : this.#place())).observe(frame);
    frame.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.#down(event));
    frame.addEventListener("pointermove", (event) => this.#move(event));
    frame.addEventListener("pointerup", (event) => this.#up(event, false));
    frame.addEventListener("pointercancel", (event) => this.#up(event, true));
    frame.addEventListener("dragstart", (event) => event.preventDefault());
    frame.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  // Resolves when the photo can be seen; rejects where the browser cannot read it.
  async show(url, width, height) {
    this.image.src = url;
    await this.image.decode();
    Object.assign(this, { width, height });
    this.image.style.width = `${width}px`;
    this.image.style.height = `${height}px`;
    this.fit();
    this.image.hidden = false;
  }

  clear() {
    this.image.hidden = true;
    this.image.removeAttribute("src");
  }

  // The scale at which the whole photo is seen.
  get #whole() {
    return Math.min(this.frame.clientWidth / this.width, this.frame.clientHeight / this.height) || 1;
  }

  fit() {
    this.#fitted = true;
    this.scale = this.#whole;
    this.x = this.y = 0;
    this.#place();
  }

  // One pixel of the photo on one of the screen.
  original() {
    this.#zoomTo(1 / devicePixelRatio, this.frame.clientWidth / 2, this.frame.clientHeight / 2);
  }

  zoom(steps) {
    this.#zoomTo(this.scale * STEP ** steps, this.frame.clientWidth / 2, this.frame.clientHeight / 2);
  }

  pan(right, down) {
    this.x -= right * this.frame.clientWidth * 0.2;
    this.y -= down * this.frame.clientHeight * 0.2;
    this.#place();
  }

  get percent() {
    return Math.round(this.scale * devicePixelRatio * 100);
  }

  #zoomTo(scale, x, y) {
    const whole = this.#whole;
    const least = Math.min(whole, 1 / devicePixelRatio);
    const wanted = Math.min(Math.max(scale, least), Math.max(MOST / devicePixelRatio, whole));
    this.#fitted = Math.abs(wanted / whole - 1) < 0.001;
    this.x = x - ((x - this.x) / this.scale) * wanted;
    this.y = y - ((y - this.y) / this.scale) * wanted;
    this.scale = wanted;
    this.#place();
  }

  #place() {
    this.x = within(this.x, this.frame.clientWidth, this.width * this.scale);
    this.y = within(this.y, this.frame.clientHeight, this.height * this.scale);
    this.image.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    // Above its own size each pixel is shown as it is; the browser must not make up what is between.
    this.image.classList.toggle("pixels", this.percent > 100);
    this.dispatchEvent(new Event("view"));
  }

  #point(event) {
    const box = this.frame.getBoundingClientRect();
    const x = event.clientX - box.left - this.frame.clientLeft;
    const y = event.clientY - box.top - this.frame.clientTop;
    return { x, y, px: (x - this.x) / this.scale, py: (y - this.y) / this.scale };
  }

  #wheel(event) {
    event.preventDefault();
    const { x, y } = this.#point(event);
    const lines = event.deltaMode === 1 ? 30 : 1;
    // A trackpad's pinch comes as many small wheel steps with ctrl held.
    const speed = event.ctrlKey ? 0.01 : 0.002;
    this.#zoomTo(this.scale * Math.exp(-event.deltaY * lines * speed), x, y);
  }

  #down(event) {
    if (this.image.hidden || (event.pointerType === "mouse" && event.button > 1)) return;
    const at = this.#point(event);
    this.frame.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, { ...at, startX: at.x, startY: at.y, slack: SLACK_PX[event.pointerType] ?? 6 });
    if (this.#pointers.size === 1) {
      const takes = event.button === 0 && this.hand?.down({ x: at.px, y: at.py }, this.scale);
      this.#gesture = takes ? "hand" : "pan";
    } else {
      if (this.#gesture === "hand") this.hand.cancel();
      this.#gesture = "pinch";
    }
  }

  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const at = this.#point(event);
    const moved = before.moved || Math.hypot(at.x - before.startX, at.y - before.startY) > before.slack;
    const now = { ...before, ...at, moved };
    this.#pointers.set(event.pointerId, now);
    if (this.#gesture === "pan") {
      this.x += at.x - before.x;
      this.y += at.y - before.y;
      this.#place();
    } else if (this.#gesture === "hand") {
      if (moved) this.hand.move({ x: at.px, y: at.py });
    } else {
      const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
      if (!other) return;
      const grown = distance(now, other) / Math.max(1, distance(before, other));
      this.x += (at.x - before.x) / 2;
      this.y += (at.y - before.y) / 2;
      this.#zoomTo(this.scale * grown, (at.x + other.x) / 2, (at.y + other.y) / 2);
    }
  }

  #up(event, cancelled) {
    const last = this.#pointers.get(event.pointerId);
    if (!last) return;
    this.#pointers.delete(event.pointerId);
    if (this.#gesture === "hand") {
      if (cancelled) this.hand.cancel();
      else this.hand.up(Boolean(last.moved));
    }
    // After a pinch the finger that stays must not mark, or jump.
    if (!this.#pointers.size) this.#gesture = null;
    else if (this.#gesture === "pinch" && this.#pointers.size === 1) this.#gesture = "pan";
  }
}

const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

// The photo covers the frame, or stands in its middle.
function within(offset, room, size) {
  return size <= room ? (room - size) / 2 : Math.min(0, Math.max(room - size, offset));
}
