// The list of studies: sends what still waits on this device, whichever study it belongs to.

import { Api } from "./api.js";
import { Queue } from "./queue.js";
import { Status } from "./status.js";
import { openStore } from "./store.js";

const root = document.getElementById("desk-list");
const { person, sign_in: signIn } = JSON.parse(root.dataset.config);
const api = new Api({ person, csrf: document.querySelector('meta[name="csrf"]').content });
const store = await openStore();
const queue = new Queue({ store, api, person });
new Status({ root: root.querySelector('[data-part="status"]'), queue, store, signIn });
await queue.load();
