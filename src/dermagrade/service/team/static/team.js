// The team's desk works without this file; it sends photos a few at a time, shows how far it is, and copies links.

const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";
const ATONCE = 4;

// On a narrow screen the tabs scroll; the one that is shown comes into view.
const tabs = document.querySelector(".tabs");
const current = tabs?.querySelector("[aria-current]");
if (current) tabs.scrollLeft = current.offsetLeft - tabs.offsetLeft - 16;

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Press Ctrl-C";
    }
  });
}

for (const select of document.querySelectorAll("select[data-reference]")) {
  const field = document.getElementById(select.dataset.reference);
  const adjust = () => { field.disabled = select.value === "ordinary"; };
  select.addEventListener("change", adjust);
  adjust();
}

const form = document.getElementById("upload");
if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form).catch((error) => say(form, error.message));
  });
}

async function send(form) {
  const photos = [...form.elements.photos.files];
  const persons = form.elements.persons.files[0];
  if (!photos.length) return say(form, "Choose photos first.");
  const bar = form.querySelector("progress");
  const list = document.getElementById("upload-problems");
  const button = form.querySelector("button");
  list.replaceChildren();
  bar.max = photos.length;
  bar.value = 0;
  bar.hidden = false;
  button.disabled = true;
  let stored = 0;
  let told = 0;
  let stopped = "";
  try {
    for (let i = 0; i < photos.length && !stopped; i += ATONCE) {
      const body = new FormData();
      // The table of persons comes before the photos that it speaks of, each time.
      if (persons) body.append("persons", persons, persons.name);
      for (const photo of photos.slice(i, i + ATONCE)) body.append("photos", photo, photo.name);
      const answer = await fetch(form.dataset.api, { method: "POST", body, headers: { "x-csrf-token": csrf } });
      const said = await answer.json();
      if (!answer.ok) {
        stopped = said.detail;
        break;
      }
      stored += said.stored.length;
      told += said.problems.length + said.notes.length;
      for (const sentence of new Set([...said.problems, ...said.notes])) {
        if ([...list.children].some((known) => known.textContent === sentence)) continue;
        const line = document.createElement("li");
        line.textContent = sentence;
        list.append(line);
      }
      bar.value = Math.min(i + ATONCE, photos.length);
      say(form, `${bar.value} of ${photos.length} sent.`);
    }
  } catch {
    stopped = "The connection was lost.";
  }
  button.disabled = false;
  list.parentElement.hidden = !list.children.length;
  if (stopped) return say(form, `${stopped} ${stored} photos are stored; send the others again.`);
  if (!told) return location.assign(location.pathname);
  say(form, `${stored} photos are stored. Load the page again to see them.`);
}

function say(form, words) {
  form.querySelector("[role=status]").textContent = words;
}
