// The page of calls. Whatever the node says is put into the page as text, never as markup: much of it was written by strangers.

import {drawBars} from "/calls/plot.js";

const PAGE = 50;
const MOST_AT_ONCE = 10000;
const DAY = 86400;
const MAX_FILE_BYTES = 72 << 20;

// What the node is asked ------------------------------------------------------------------------------------

async function post(path, body) {
  let reply;
  try {
    reply = await fetch(path, {method: "POST", body, cache: "no-store"});
  } catch {
    throw new Error("The node does not answer. Does it still run?");
  }
  if (reply.status === 401) {
    location.reload(); // the node was started anew: its page for signing in comes
    throw new Error("Signed out.");
  }
  const text = await reply.text();
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(text.trim() || `The node answered ${reply.status}.`);
  }
  if (answer.error) throw new Error(answer.error.message);
  return answer.result;
}

function ask(method, ...params) {
  return post("/calls/rpc", JSON.stringify({jsonrpc: "2.0", method, params, id: 1}));
}

// Pieces of the page ----------------------------------------------------------------------------------------

const find = (selector, within = document) => within.querySelector(selector);

function element(name, attributes = {}, ...content) {
  const out = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") out.addEventListener("click", value);
    else if (value !== undefined) out.setAttribute(key, value);
  }
  out.append(...content);
  return out;
}

/** A row; cells are [label, content, class]. */
function row(cells) {
  return element("tr", {role: "row"}, ...cells.map(([label, content, kind]) => {
    const parts = (Array.isArray(content) ? content : [String(content ?? "")]).filter((part) => part !== "");
    return element("td", {role: "cell", "data-label": label, class: parts.length ? kind : "none"}, ...parts);
  }));
}

/** A list of terms; pairs without a value are left out. */
function terms(pairs) {
  const out = element("dl");
  for (const [name, value] of pairs) {
    if (value !== undefined) out.append(element("dt", {}, name), element("dd", {dir: "auto"}, String(value)));
  }
  return out;
}

const count = (number, one, more = one + "s") => `${number.toLocaleString()} ${number === 1 ? one : more}`;
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith(".") ? "" : ".");
const two = (number) => String(number).padStart(2, "0");

function dayText(date) {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Of the computer's zone, down to seconds. */
function timeText(ms) {
  const date = new Date(ms);
  return `${dayText(date)} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function durationText(ms) {
  const seconds = Math.round(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:` : ""}${hours ? two(Math.floor(seconds / 60) % 60) : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

function emc(amount) {
  return amount.toLocaleString(undefined, {minimumFractionDigits: 2, maximumFractionDigits: 8});
}

/** Runs `work` and shows in `sum` what it gives, or what went wrong. Only the newest work of a place shows. */
async function show(sum, work) {
  const turn = Number(sum.dataset.turn || 0) + 1;
  sum.dataset.turn = turn;
  sum.classList.remove("bad");
  sum.textContent = "…";
  const say = (text, bad) => {
    if (Number(sum.dataset.turn) !== turn) return false;
    sum.textContent = text;
    sum.classList.toggle("bad", bad);
    return true;
  };
  try {
    await work((text) => say(text, false));
  } catch (error) {
    say(error.message, true);
  }
}

// Records and batches: tables with pages --------------------------------------------------------------------

class Listing {
  /**
   * `read(form, from)` gives up to PAGE + 1 items, `cells` the row of one, `sum(form, items)` a sentence about them; `ofAll`: about
   * those of all pages, which takes its time.
   */
  constructor(name, {read, cells, sum, ofAll}) {
    this.section = find(`#${name}`);
    this.form = find("form", this.section);
    this.pager = find(".pager", this.section);
    Object.assign(this, {name, read, cells, sum, ofAll, page: 0, total: ""});
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.page = 0;
      this.load();
    });
    this.form.addEventListener("reset", () => setTimeout(() => {
      this.page = 0;
      this.load();
    }));
    for (const button of this.pager.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        this.page += Number(button.dataset.step);
        this.load();
      });
    }
  }

  load() {
    return show(find(".sum", this.section), async (say) => {
      const body = find("tbody", this.section);
      const fields = Object.fromEntries(new FormData(this.form));
      let items = [];
      try {
        items = await this.read(fields, this.page * PAGE);
      } finally {
        const first = this.page * PAGE;
        const shown = items.slice(0, PAGE);
        body.replaceChildren(...shown.map((item) => row(this.cells(item))));
        const [newer, older] = this.pager.querySelectorAll("button");
        newer.disabled = this.page === 0;
        older.disabled = items.length <= PAGE;
        find("span", this.pager).textContent = shown.length ? `${first + 1}–${first + shown.length}` : "";
        this.pager.hidden = newer.disabled && older.disabled;
      }
      if (!items.length) {
        say("Nothing here.");
        return;
      }
      say(this.page === 0 ? "adding up…" : this.total);
      if (this.page === 0 || !this.ofAll) this.total = await this.sum(fields, items);
      say(this.total);
    });
  }

  /** A number that searches for itself when it is pressed. */
  number(text) {
    return element("button", {type: "button", class: "link", onclick: () => {
      this.form.elements.number.value = text;
      this.form.requestSubmit();
    }}, text);
  }
}

/** "" or unix seconds of a field of the kind datetime-local. */
const secondsOf = (text) => (text ? Math.floor(new Date(text).getTime() / 1000) : null);
const filterOf = (fields) => [fields.number.trim() || null, fields.counterparty.trim() || null, secondsOf(fields.from) ?? 0,
                              secondsOf(fields.to)];

const records = new Listing("records", {
  ofAll: true,
  read: (fields, from) => ask("call_list", ...filterOf(fields), PAGE + 1, from, true),
  sum: async (fields) => {
    const all = await ask("call_stats", ...filterOf(fields));
    return `${count(all.calls, "call")}, ${count(all.minutes, "minute")}, ${count(all.pairs.length, "pair")} of numbers`;
  },
  cells: (call) => [
    ["Ended", timeText(call.end), "wide"],
    ["Caller", [records.number("+" + call.caller)], "party"],
    ["Callee", [records.number("+" + call.callee)], "party"],
    ["Talked", durationText(call.end - call.answer), "amount"],
    ["Minutes", call.minutes, "amount"],
    ["Cause, SIP", `${call.cause}, ${call.status}`],
    ["Quality", [call.mos === undefined ? "" : `MOS ${call.mos.toFixed(2)}`, call.codec || ""].filter(Boolean).join(", ")],
    ["Call-ID", [element("span", {class: "id"}, call.callid), " ",
                 element("button", {type: "button", class: "link", onclick: () => prove(call.callid)}, "prove")], "long"],
  ],
});

const batches = new Listing("batches", {
  read: (fields, from) => ask("call_batch_list", fields.state, fields.number.trim() || null, PAGE + 1, from),
  sum: async (fields, items) => {
    const shown = items.slice(0, PAGE);
    const calls = shown.reduce((sum, batch) => sum + batch.calls, 0);
    return `${count(shown.length, "batch", "batches")} shown, with ${count(calls, "call")}`;
  },
  cells: (batch) => [
    ["Calls from, until", [timeText(batch.from * 1000), element("br"), timeText(batch.to * 1000)], "period"],
    ["Caller", partyText(batch.caller), "party"],
    ["Callee", partyText(batch.callee), "party"],
    ["Calls", batch.calls, "amount"],
    ["Minutes", batch.minutes, "amount"],
    ["State", stateOf(batch), "long"],
    ["Reward, EMC", batch.reward === undefined ? "" : emc(batch.reward), "amount"],
    ["Batch", [element("span", {class: "id"}, batch.id)], "long"],
  ],
});

/** "enum:442079460000:0" as a number, with its slot unless that is 0. */
function partyText(name) {
  const [, number, slot] = name.split(":");
  return `+${number}${slot === "0" ? "" : `, slot ${slot}`}`;
}

function stateOf(batch) {
  const parts = [element("span", {class: `state ${batch.state}`}, batch.state)];
  const notes = [];
  if (batch.reason) notes.push(batch.reason);
  if (batch.problem) notes.push(batch.problem);
  if (batch.height !== undefined) notes.push(`in block ${batch.height}`);
  const missing = [!batch.caller_signed && "caller", !batch.callee_signed && "callee"].filter(Boolean);
  if (["open", "waiting"].includes(batch.state)) notes.push(`not signed by the ${missing.join(" and the ")}`);
  if (notes.length) parts.push(element("bdi", {}, `: ${notes.join("; ")}`));
  if (batch.left_out.length) {
    parts.push(element("details", {}, element("summary", {}, `${count(batch.left_out.length, "call")} left out`),
                       element("ul", {}, ...batch.left_out.map((call) => element("li", {dir: "auto"},
                         `${call.callid}, answered ${timeText(call.answer)}: ${call.reason}`)))));
  }
  return parts;
}

async function loadSources() {
  const place = find("#sources div");
  try {
    const sources = await ask("call_sources");
    place.replaceChildren(...(sources.length ? sources.map(sourceOf) : ["No folder is watched, and nothing was posted."]));
  } catch (error) {
    place.replaceChildren(element("p", {class: "bad"}, error.message));
  }
}

function sourceOf(source) {
  const last = source.last_added ? `, the last ${timeText(source.last_added * 1000)}` : "";
  const out = element("div", {class: "source"}, element("h3", {dir: "auto"}, `${source.source} (${source.format || "any format"})`),
    `${count(source.added, "new call")}, ${count(source.known, "known one")}, ${source.unanswered} nobody took${last}; ` +
    `${count(source.problem_count, "problem")}`);
  if (source.error) out.append(element("p", {class: "bad", dir: "auto"}, source.error));
  if (source.problems.length) {
    out.append(element("ul", {}, ...source.problems.slice().reverse().map((problem) => element("li", {dir: "auto"},
      `${problem.file}${problem.line ? `:${problem.line}` : ""}: ${problem.reason}`))));
  }
  return out;
}

// Rewards over time -----------------------------------------------------------------------------------------

const UNITS = {
  day: (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()),
  week: (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate() - (date.getDay() + 6) % 7),
  month: (date) => new Date(date.getFullYear(), date.getMonth(), 1),
};

function nextStart(start, unit) {
  const days = {day: 1, week: 7}[unit];
  return days ? new Date(start.getFullYear(), start.getMonth(), start.getDate() + days)
    : new Date(start.getFullYear(), start.getMonth() + 1, 1);
}

/** Steps from the first batch to the last, empty ones included: {start, reward, minutes, batches}. */
function stepsOf(list, unit) {
  const begin = UNITS[unit];
  const steps = [];
  const last = begin(new Date(Math.max(...list.map((batch) => batch.to)) * 1000));
  for (let start = begin(new Date(Math.min(...list.map((batch) => batch.to)) * 1000)); start <= last; start = nextStart(start, unit)) {
    steps.push({start, reward: 0, minutes: 0, batches: 0});
  }
  const places = new Map(steps.map((step, place) => [step.start.getTime(), place]));
  for (const batch of list) {
    const step = steps[places.get(begin(new Date(batch.to * 1000)).getTime())];
    step.reward += batch.reward || 0;
    step.minutes += batch.minutes;
    ++step.batches;
  }
  return steps;
}

async function allConfirmed(number) {
  const out = [];
  for (;;) {
    const part = await ask("call_batch_list", "confirmed", number, MOST_AT_ONCE, out.length);
    out.push(...part);
    if (part.length < MOST_AT_ONCE) return out;
  }
}

let redraw = () => {};

const rewards = {
  form: find("#rewards form"),
  load: () => show(find("#rewards .sum"), async (say) => {
    const list = await allConfirmed(rewards.form.elements.number.value.trim() || null);
    const place = find("#plot");
    const figure = find("#rewards figure");
    const details = find("#rewards details");
    figure.hidden = details.hidden = list.length === 0;
    redraw = () => {};
    if (list.length === 0) {
      say("No batch stands in a block yet.");
      return;
    }
    const ends = list.map((batch) => batch.to);
    const days = (Math.max(...ends) - Math.min(...ends)) / DAY;
    const unit = rewards.form.elements.unit.value || (days <= 45 ? "day" : days <= 400 ? "week" : "month");
    const steps = stepsOf(list, unit);
    const sum = (key) => steps.reduce((total, step) => total + step[key], 0);
    const text = `${emc(sum("reward"))} EMC for ${count(sum("minutes"), "minute")} in ${count(list.length, "batch", "batches")}`;
    const labelOf = (start) => (unit === "month" ? dayText(start).slice(0, 7) : dayText(start));
    const bars = steps.map((step) => ({
      label: labelOf(step.start), value: step.reward,
      title: `${labelOf(step.start)}: ${emc(step.reward)} EMC for ${count(step.minutes, "minute")} in ${count(step.batches, "batch", "batches")}`,
    }));
    redraw = () => drawBars(place, bars, "EMC", `Rewards by ${unit}, in EMC: ${text}`);
    redraw();
    find("tbody", details).replaceChildren(...steps.filter((step) => step.batches).map((step) => row([
      ["From", labelOf(step.start)], ["Batches", step.batches, "amount"], ["Minutes", step.minutes, "amount"],
      ["Reward, EMC", emc(step.reward), "amount"]])));
    say(text);
  }),
};

rewards.form.addEventListener("submit", (event) => {
  event.preventDefault();
  rewards.load();
});
rewards.form.elements.unit.addEventListener("change", () => rewards.load());
new ResizeObserver(() => redraw()).observe(find("#rewards figure"));

// The checker of proofs -------------------------------------------------------------------------------------

const checker = find("#checker");

function verdict(good, title, ...content) {
  find("#verdict").replaceChildren(element("div", {class: good ? "good" : "bad"}, element("h3", {}, title), ...content));
}

function whereOf(found) {
  return [["Block", `${found.height}, ${found.blockhash}`], ["Transaction", found.txid], ["Confirmations", found.confirmations]];
}

function showFound(found) {
  if (!found.valid) {
    verdict(false, "Not verified", element("p", {dir: "auto"}, sentence(found.reason)));
  } else if (found.call) {
    const call = found.call;
    verdict(true, "Verified", element("p", {}, "This call is part of a batch that both operators signed and that stands in a block."),
      terms([["Caller", `+${call.caller}`], ["Callee", `+${call.callee}`], ["Answered", timeText(call.answer)], ["Ended", timeText(call.end)],
             ["Talked", durationText(call.end - call.answer)], ["Call-ID", call.callid], ["Batch", call.batch], ...whereOf(call)]));
  } else {
    const batch = found.batch;
    verdict(true, "Verified",
      element("p", {}, `The ${count(batch.calls, "call")} in this file are a whole batch that both operators signed and that stands in a block.`),
      terms([["Caller", partyText(batch.caller)], ["Callee", partyText(batch.callee)],
             ["Calls from, until", `${timeText(batch.from * 1000)}, ${timeText(batch.to * 1000)}`],
             ["Minutes", batch.minutes], ["Reward", `${emc(batch.reward)} EMC`], ["Batch", batch.id], ...whereOf(batch)]));
  }
}

async function check(evidence) {
  find("#verdict").replaceChildren(element("p", {}, "Checking…"));
  try {
    showFound(await post("/calls/verify", evidence));
  } catch (error) {
    verdict(false, "Not verified", element("p", {dir: "auto"}, sentence(error.message)));
  }
}

checker.addEventListener("submit", (event) => {
  event.preventDefault();
  const file = checker.elements.file.files[0];
  const text = checker.elements.text.value.trim();
  if (file && text) verdict(false, "Two at once", element("p", {}, "Either paste a proof or choose a file."));
  else if (file && file.size > MAX_FILE_BYTES) verdict(false, "Not verified", element("p", {}, "The file is larger than a batch can be."));
  else if (file || text) check(file || text);
  else verdict(false, "Nothing to check", element("p", {}, "Paste a proof, or choose a file."));
});
checker.addEventListener("reset", () => find("#verdict").replaceChildren());

/** Has the node make the proof of a call, and checks it. */
async function prove(callId) {
  location.hash = "#check";
  checker.reset();
  find("#verdict").replaceChildren(element("p", {}, "Making the proof…"));
  try {
    const [proven] = await ask("call_prove", callId);
    checker.elements.text.value = proven.proof;
    await check(proven.proof);
  } catch (error) {
    verdict(false, "No proof", element("p", {dir: "auto"}, sentence(error.message)));
  }
}

// Which part is shown ---------------------------------------------------------------------------------------

const PARTS = {
  records: () => Promise.all([records.load(), loadSources()]),
  batches: () => batches.load(),
  rewards: () => rewards.load(),
  check: () => undefined,
};

async function go() {
  const name = location.hash.slice(1) in PARTS ? location.hash.slice(1) : "records";
  for (const section of document.querySelectorAll("section")) section.hidden = section.id !== name;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `Calls: ${find(`#${name} h2`).textContent}`;
  delete document.body.dataset.ready;
  await PARTS[name]();
  document.body.dataset.ready = name;
}

window.addEventListener("hashchange", go);
find("footer").textContent = `Times are of this computer’s zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`;
go();
