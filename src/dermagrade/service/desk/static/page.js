// The grading page: puts the photo, the levels, the queue and the clock together.

import { Api, newKey } from "./api.js";
import { askReason } from "./cannot.js";
import { Choice } from "./choice.js";
import { Clock } from "./clock.js";
import { Cover } from "./cover.js";
import { listen } from "./keys.js";
import { Marks } from "./marks.js";
import { Pictures } from "./pictures.js";
import { Queue } from "./queue.js";
import { Status } from "./status.js";
import { openStore } from "./store.js";
import { Tasks } from "./tasks.js";
import { LINKS, TEXTS } from "./texts.js";
import { addTools } from "./tools.js";
import { Viewer } from "./viewer.js";

// Nobody has looked at a photo within this time: what comes is the second half of a double press.
const SETTLE_MS = 200;
const UNDO_DEPTH = 10;
const LONGEST_WAIT_MS = 30_000;

const root = document.getElementById("desk");
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const config = JSON.parse(root.dataset.config);
const { study, person } = config;

const api = new Api({ person, csrf: document.querySelector('meta[name="csrf"]').content });
const store = await openStore();
const queue = new Queue({ store, api, person });
const tasks = new Tasks({ api, study, person, queue });
const clock = new Clock();
const viewer = new Viewer(part("frame"), part("photo"));
const marks = config.lesions ? new Marks(viewer, part("drawing")) : null;
const choice = new Choice(part("levels"), config.levels);
const pictures = part("pictures")
  ? new Pictures(part("pictures"), part("beside"), (grade) => choice.describe(grade))
  : null;
const cover = new Cover(part("cover"), part("work"));
const status = new Status({ root: part("status"), queue, store, signIn: config.sign_in });

let state = "loading"; // "grading", "busy", "feedback", "covered" or "ended"
let current = null; // {task, url}
let shownAt = 0;
let round = null;
let history = []; // {task, answer} that can be taken back, latest last

function enter(next) {
  state = next;
  root.dataset.state = next;
  root.dataset.item = next === "grading" ? current.task.item : "";
  part("undo").disabled = !history.length || !["grading", "ended"].includes(next);
  for (const name of ["cannot", "pause"]) part(name).disabled = next !== "grading";
  part("levels").inert = next !== "grading";
}

function say(text) {
  part("spoken").textContent = text;
}

async function nextTask() {
  for (let wait = 1000; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      const next = await tasks.next();
      status.set(null);
      return next;
    } catch (trouble) {
      if (trouble.kind === undefined) throw trouble;
      if (trouble.kind === "refused") return { refused: trouble.detail };
      status.set(trouble.kind);
      cover.show("The next photo is on its way", ["It comes as soon as the server can be reached."]);
      await new Promise((resolve) => {
        setTimeout(resolve, wait);
        addEventListener("online", resolve, { once: true });
        addEventListener("focus", resolve, { once: true });
      });
    }
  }
}

async function advance(before = null) {
  enter("loading");
  const next = await nextTask();
  if (!next?.task) return finish(next);
  if (next.task.round !== round) {
    const from = round;
    round = next.task.round;
    if (round === "calibration" || from === "calibration") {
      history = [];
      enter("covered");
      await cover.ask(...TEXTS[round]);
      enter("loading");
    }
  }
  try {
    await viewer.show(next.url, next.task.width, next.task.height);
  } catch {
    enter("covered");
    tasks.forget(next.task);
    await cover.ask("This photo cannot be shown", "The browser could not read it.", "Try again");
    return advance(before);
  }
  cover.hide();
  current = next;
  choice.start(before?.grade ?? null);
  marks?.start(before?.marks ?? []);
  clock.start();
  shownAt = performance.now();
  progress();
  part("frame").focus({ preventScroll: true });
  suggestBreak();
  setTimeout(() => {
    enter("grading");
    if (document.hidden) clock.hide();
    else clock.show();
  }, SETTLE_MS);
}

function progress() {
  const number = Math.min(tasks.done + 1, tasks.total);
  const where = round === "calibration" ? "Calibration" : "Photo";
  part("count").textContent = `${where} ${number} of ${tasks.total}`;
  part("bar").max = Math.max(1, tasks.total);
  part("bar").value = tasks.done;
  part("frame").setAttribute("aria-label", `${where} ${number} of ${tasks.total}`);
}

function finish(next) {
  viewer.clear();
  current = null;
  enter("ended");
  if (next?.refused) return cover.show("Nothing to grade", [next.refused], LINKS);
  if (tasks.state !== "open") return cover.show(...TEXTS.closed, LINKS);
  part("bar").value = tasks.total;
  part("count").textContent = `${tasks.total} of ${tasks.total}`;
  cover.show(...TEXTS.done, LINKS);
}

async function answer(given) {
  if (state !== "grading" || performance.now() - shownAt < SETTLE_MS) return;
  const { task } = current;
  const body = {
    key: newKey(),
    item: task.item,
    grade: null,
    reason: null,
    marks: marks && given.kind === "grade" ? marks.list : null,
    corrects: null,
    ...given,
    ...clock.times(),
  };
  enter("busy");
  clock.hide();
  const reply = task.round === "calibration" ? storedOf(body.key) : null;
  await queue.add(study, "answers", body);
  tasks.take();
  history.push({ task, answer: body });
  while (history.length > UNDO_DEPTH) tasks.forget(history.shift().task);
  say(given.kind === "grade" ? `Kept: ${choice.describe(given.grade)}.` : "Kept: cannot be graded.");
  if (reply) await feedback(body, reply);
  await advance();
}

// What the server says to an answer, once it has it.
function storedOf(key) {
  return new Promise((resolve) => {
    const listener = ({ detail: { entry, reply } }) => {
      if (entry.body.key !== key) return;
      queue.removeEventListener("stored", listener);
      resolve(reply);
    };
    queue.addEventListener("stored", listener);
  });
}

async function feedback(body, reply) {
  enter("feedback");
  const mine = body.kind === "grade" ? choice.describe(body.grade) : "cannot be graded";
  const told = cover.feedback("One moment.", `Yours: ${mine}.`);
  reply.then(({ reference }) => {
    told.say(reference === null ? "The team gave no grade." : `The team's grade: ${choice.describe(reference)}.`);
    choice.compare(body.grade, reference);
  });
  await told.goOn;
  enter("loading");
  choice.compare(null, null);
}

async function undo() {
  if (!history.length || !["grading", "ended"].includes(state)) return;
  enter("busy");
  const { task, answer: taken } = history.pop();
  const now = new Date().toISOString();
  await queue.add(study, "undo", { key: newKey(), item: task.item, corrects: taken.key, shown_at: now, answered_at: now });
  tasks.giveBack(task);
  say("Taken back. Grade this photo again.");
  await advance(taken);
}

async function cannot() {
  if (state !== "grading") return;
  const reason = await askReason(part("reason"));
  if (reason) await answer({ kind: "cannot", reason });
}

async function pause() {
  if (state !== "grading") return;
  enter("covered");
  clock.hide();
  await cover.ask(...TEXTS.pause);
  cover.hide();
  clock.show();
  enter("grading");
  part("frame").focus({ preventScroll: true });
}

function suggestBreak() {
  if (!clock.breakIsDue) return;
  clock.breakTold();
  part("break").hidden = false;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) clock.hide();
  else if (state === "grading") clock.show();
});
setInterval(() => state === "grading" && suggestBreak(), 10_000);
choice.addEventListener("consider", ({ detail }) => pictures?.follow(detail));
choice.addEventListener("choose", ({ detail }) => answer({ kind: "grade", grade: detail }));
for (const [name, act] of Object.entries({ undo, cannot, pause })) part(name).addEventListener("click", act);
for (const name of ["break-now", "break-later"]) {
  part(name).addEventListener("click", () => {
    part("break").hidden = true;
    if (name === "break-now") pause();
  });
}
addTools({ part, viewer, marks });
listen({ choice, viewer, marks, pictures, cover, undo, cannot, pause, grading: () => state === "grading" });

enter("loading");
await queue.load();
try {
  const waits = queue.steps(study).size; // the server's last answer is then not the rater's
  const { last } = waits ? { last: null } : await api.get(`/desk/api/${study}/last`);
  if (last && last.task.round !== "calibration") history.push({ task: last.task, answer: last.answer });
} catch (trouble) {
  if (trouble.kind === undefined) throw trouble; // without it there is nothing to take back yet
}
tasks.addEventListener("ahead", () => (root.dataset.ahead = tasks.ahead));
queue.addEventListener("stored", ({ detail: { entry } }) => {
  if (state === "ended" && entry.study === study && entry.verb === "undo") advance();
});
await advance();
