// The keyboard: what each key does, wherever the focus is, but not while something is typed.

const TYPING = "input, textarea, select, dialog";

export function listen({ choice, viewer, marks, pictures, cover, undo, cannot, pause, grading }) {
  const acts = {
    u: undo,
    U: undo,
    Backspace: undo,
    x: cannot,
    X: cannot,
    p: pause,
    P: pause,
  };
  const views = {
    "+": () => viewer.zoom(1),
    "=": () => viewer.zoom(1),
    "-": () => viewer.zoom(-1),
    f: () => viewer.fit(),
    F: () => viewer.fit(),
    0: () => viewer.fit(),
    o: () => viewer.original(),
    O: () => viewer.original(),
    ArrowLeft: () => viewer.pan(-1, 0),
    ArrowRight: () => viewer.pan(1, 0),
    ArrowUp: () => viewer.pan(0, -1),
    ArrowDown: () => viewer.pan(0, 1),
    m: () => marks?.toggle(),
    M: () => marks?.toggle(),
    c: () => pictures?.toggle(),
    C: () => pictures?.toggle(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || event.target.closest(TYPING)) return;
    const { key } = event;
    const onButton = event.target.closest("button, a, summary");
    // Enter on a button is that button's; on a cover it goes on.
    if (key === "Enter" && onButton) return;
    if (key === "Enter" && !event.repeat && cover.proceed()) return event.preventDefault();
    const act = take(event, key);
    if (!act) return;
    event.preventDefault();
    act();
  });

  function take(event, key) {
    // A key that is held down must not grade photo after photo.
    if (acts[key]) return event.repeat ? () => {} : acts[key];
    if (!grading()) return null;
    // With Shift the arrows always move the photo, also where they are half steps.
    const arrow = key.startsWith("Arrow");
    const grades = !(event.shiftKey && arrow) && (!event.repeat || arrow);
    if (grades && choice.key(key)) return () => {};
    return views[key] ?? null;
  }
}
