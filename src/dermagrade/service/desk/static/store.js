// The answers that wait, on this device: in IndexedDB, written through before the next photo comes.

const NAME = "dermagrade-desk";
const WAITING = "waiting";

// An entry: {seq, person, study, verb, body, problem}; seq rises with every entry.
export async function openStore() {
  try {
    return new Store(await openDatabase());
  } catch {
    return new MemoryStore();
  }
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const table = request.result.createObjectStore(WAITING, { keyPath: "seq", autoIncrement: true });
      table.createIndex("person", "person");
    };
    request.onsuccess = () => {
      // Another tab with a newer version of this page must not be held up.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

class Store {
  lasting = true;

  constructor(database) {
    this.database = database;
  }

  add(entry) {
    return this.#write((table) => table.add(entry));
  }

  put(entry) {
    return this.#write((table) => table.put(entry));
  }

  remove(seq) {
    return this.#write((table) => table.delete(seq));
  }

  ofPerson(person) {
    return new Promise((resolve, reject) => {
      const table = this.database.transaction(WAITING).objectStore(WAITING);
      const request = table.index("person").getAll(person);
      request.onsuccess = () => resolve(request.result.sort((a, b) => a.seq - b.seq));
      request.onerror = () => reject(request.error);
    });
  }

  #write(change) {
    return new Promise((resolve, reject) => {
      // Strict: done only when it is on the disk, so that no crash takes it back.
      const transaction = this.database.transaction(WAITING, "readwrite", { durability: "strict" });
      const request = change(transaction.objectStore(WAITING));
      transaction.commit(); // at once, rather than when the page gets round to it
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
}

// Where the browser keeps nothing (some private windows), answers wait in the page, which then says so.
class MemoryStore {
  lasting = false;
  #entries = new Map();
  #last = 0;

  async add(entry) {
    this.#entries.set(++this.#last, { ...entry, seq: this.#last });
    return this.#last;
  }

  async put(entry) {
    this.#entries.set(entry.seq, entry);
  }

  async remove(seq) {
    this.#entries.delete(seq);
  }

  async ofPerson(person) {
    return [...this.#entries.values()].filter((entry) => entry.person === person);
  }
}
