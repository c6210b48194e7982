// Requests of the plan page. A request that gets no answer says so with status 0.

const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");

async function ask(address, options = {}) {
  const answer = await fetch(address, { credentials: "same-origin", ...options, headers: { Accept: "application/json", ...options.headers } }).catch(() => null);
  if (!answer) return { status: 0, body: null };
  const isText = (answer.headers.get("Content-Type") ?? "").includes("json");
  const body = isText && answer.status !== 304 ? await answer.json().catch(() => null) : null;
  return { status: answer.status, body, etag: answer.headers.get("ETag") };
}

export class Server {
  constructor(api, tasks) {
    Object.assign(this, { api, tasks, etag: null, reasons: new Map() });
  }

  /** The plan, if it is another than the one last read. */
  async read({ revision } = {}) {
    const known = this.etag ?? (revision ? `"${revision}"` : null);
    const { status, body, etag } = await ask(this.api, { headers: known ? { "If-None-Match": known } : {} });
    if (status === 200) this.etag = etag;
    return { status, model: status === 200 ? body : null };
  }

  change(step, revision, { trial = false } = {}) {
    this.etag = null;
    this.reasons.clear();
    const body = step.undo ? { key: step.key } : { key: step.key, trial, revision, changes: step.changes };
    return ask(`${this.api}changes/${step.undo ? `${step.undo}/undo/` : ""}`, { method: "POST", headers: { ...token(), "Content-Type": "application/json" }, body: JSON.stringify(body) });
  }

  async baseline(number) {
    return (await ask(`${this.api}baselines/${number}/`)).body;
  }

  async ownFields() {
    return (await ask(`${this.api}own-fields/`)).body;
  }

  async summaries() {
    return (await ask(`${this.api}summaries/`)).body;
  }

  /** Why a task starts when it does, in a sentence. */
  async reason(uid) {
    if (!this.reasons.has(uid)) this.reasons.set(uid, ask(`${this.tasks}${uid}/`).then(({ status, body }) => (status === 200 ? (body.why?.sentence ?? body.why?.text ?? "") : "")));
    return this.reasons.get(uid);
  }
}
