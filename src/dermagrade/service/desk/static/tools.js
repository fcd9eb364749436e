// The buttons of the photo: closer, farther, the whole, its own pixels; and those for marks.

export function addTools({ part, viewer, marks }) {
  const acts = {
    closer: () => viewer.zoom(1),
    farther: () => viewer.zoom(-1),
    whole: () => viewer.fit(),
    original: () => viewer.original(),
  };
  for (const [name, act] of Object.entries(acts)) part(name).addEventListener("click", act);
  viewer.addEventListener("view", () => (part("zoom").textContent = `${viewer.percent} %`));
  if (!marks) return;
  const toggle = part("marking");
  const render = () => {
    toggle.setAttribute("aria-pressed", String(marks.on));
    part("frame").classList.toggle("marking", marks.on);
    part("marks-count").textContent = marks.list.length === 1 ? "1 mark" : `${marks.list.length} marks`;
    part("unmark").disabled = !marks.list.length;
  };
  toggle.addEventListener("click", () => marks.toggle());
  part("unmark").addEventListener("click", () => marks.pop());
  marks.addEventListener("change", render);
  render();
}
