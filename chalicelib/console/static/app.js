/* Everything works without this file; it saves a reload, a slip and a lost place. */
"use strict";

/* <button data-confirm="Sentence?">: asks before the form goes. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
});

/* A form goes once, however often its button is pressed. */
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
});
const release = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
};
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) release(form);
});

/* Asks an address for JSON again and again, ever slower, until `enough` says so. */
const watch = (address, enough, wait = 700) => {
  setTimeout(async () => {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
      if (answer.ok && enough(await answer.json())) return;
    } catch { /* Asked again below. */ }
    watch(address, enough, Math.min(wait * 1.2, 5000));
  }, wait);
};

/* <div data-job="address">: follows a job, and loads the page anew when it has ended. */
for (const place of document.querySelectorAll("[data-job]")) {
  const bar = place.querySelector("progress");
  const message = place.querySelector(".job-message");
  watch(place.dataset.job, (job) => {
    if (!job.open) { location.reload(); return true; }
    if (job.message) message.textContent = job.message;
    if (bar && job.total) { bar.max = job.total; bar.value = job.done; }
    return false;
  });
}

/* <form data-popup="/address-of-state" data-state="none">: opens in a window of its own. The page
   learns from the server how it ended: Xero's page cuts the tie between the two windows, so that
   nobody hears of one that was just closed. The button therefore stays ready for another try.
   Where no window may open, the whole page goes. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.dataset.popup) return;
  const left = window.screenX + Math.max(0, (window.outerWidth - 620) / 2);
  const opened = window.open("", "workbill-consent", `popup,width=620,height=760,left=${left},top=${window.screenY + 60}`);
  form.target = opened ? "workbill-consent" : "";
  form.elements.popup.value = opened ? "yes" : "";
  if (!opened) return;
  setTimeout(() => release(form), 1000);
  if (form.dataset.watched) return;
  form.dataset.watched = "yes";
  watch(form.dataset.popup, (now) => {
    if (now.state === form.dataset.state) return false;
    location.reload();
    return true;
  });
});

/* <body data-close>: the end of the way through a window of its own. */
if (document.querySelector("[data-close]")) window.close();

/* <input type="file" data-read-into="id">: the text of the file goes into the field of that id. */
document.addEventListener("change", async (event) => {
  const chosen = event.target.closest("input[data-read-into]");
  if (chosen?.files[0]) document.getElementById(chosen.dataset.readInto).value = await chosen.files[0].text();
});

/* <input type="file" data-largest="bytes">: says that a file is too large before it is sent. */
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.dataset || !input.dataset.largest) return;
  const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.largest));
  input.setCustomValidity(tooLarge ? "This file is larger than we can take." : "");
  input.reportValidity();
});

/* A table wider than the screen scrolls in its box, which the keyboard has to reach. */
for (const box of document.querySelectorAll(".table")) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}

/* <form data-recount>: rows move, come and go without a reload, and the server works out the sums
   each time something changed, as it will when the form is saved. */
for (const form of document.querySelectorAll("form[data-recount]")) {
  const lines = form.querySelector("[data-lines]");
  const filled = (line) => ["line_id", "description", "unit_price"].some((name) => line.querySelector(`[name=${name}]`).value.trim());
  let last = 0, timer;
  const recount = () => { clearTimeout(timer); timer = setTimeout(ask, 350); };
  const ask = async () => {
    const mine = ++last, body = new URLSearchParams(new FormData(form));
    body.set("act", "recount");
    const answer = await fetch(form.action, { method: "POST", body, redirect: "error" }).catch(() => null);
    if (!answer || mine !== last) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!fresh.querySelector("[data-sums]")) return;
    for (const name of ["sums", "said"]) {
      const here = document.querySelector(`[data-${name}]`), there = fresh.querySelector(`[data-${name}]`);
      if (here && there && (name === "said" || answer.ok)) here.replaceWith(there);
    }
    const there = [...fresh.querySelectorAll("[data-line]")], here = lines ? [...lines.children].filter(filled) : [];
    if (answer.ok && there.length === here.length) here.forEach((line, place) => {
      const amount = line.querySelector("[data-amount]");
      if (amount) amount.textContent = there[place].querySelector("[data-amount]").textContent;
    });
  };
  form.querySelector("[value=recount]")?.setAttribute("hidden", "");
  form.addEventListener("change", recount);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=act]");
    const verb = button && button.value.split(":")[0];
    if (!lines || !verb || ["save", "make"].includes(verb)) return;
    event.preventDefault();
    const line = button.closest("[data-line]");
    if (verb === "up" && line.previousElementSibling) line.previousElementSibling.before(line);
    if (verb === "down" && line.nextElementSibling) line.nextElementSibling.after(line);
    if (verb === "remove") line.remove();
    const blank = form.querySelector(`template[data-new="${verb}"]`);
    if (blank) lines.append(blank.content.cloneNode(true).querySelector("[data-line]"));
    if (blank) lines.lastElementChild.querySelector("textarea").focus(); else button.focus();
    recount();
  });
}

/* <input type="checkbox" data-all="name">: ticks all boxes of that name in its form. */
document.addEventListener("change", (event) => {
  const all = event.target;
  if (!all.dataset || !all.dataset.all) return;
  for (const box of all.form.elements) if (box.name === all.dataset.all) box.checked = all.checked;
});
