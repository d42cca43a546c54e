// What the server cannot do from afar: count seconds, say whether the page is live, and keep a long
// log from filling the browser's memory. Every page works without it.
"use strict";
(() => {
  const LINES = 6000; // of a log that stay in the page
  const skew = Date.now() - Number(document.body.dataset.now);

  // As Words.brief on the server.
  const brief = (millis) => {
    const ms = Math.max(0, millis);
    const s = Math.floor(ms / 1000);
    const two = (n) => String(n).padStart(2, "0");
    if (s < 60) return s + "s";
    if (s < 3600) return Math.floor(s / 60) + "m " + two(s % 60) + "s";
    if (s < 86400) return Math.floor(s / 3600) + "h " + two(Math.floor((s % 3600) / 60)) + "m";
    return Math.floor(s / 86400) + "d " + two(Math.floor((s % 86400) / 3600)) + "h";
  };
  const say = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };
  const tick = () => {
    const now = Date.now() - skew;
    document.querySelectorAll("time[data-since]").forEach((t) => {
      if (t.dataset.since) say(t, brief(now - Number(t.dataset.since)));
    });
    document.querySelectorAll("time[data-ago]").forEach((t) => say(t, brief(now - Number(t.dataset.ago)) + " ago"));
    document.querySelectorAll("time[data-until]").forEach((t) => {
      const left = Number(t.dataset.until) - now;
      say(t, left > 0 ? "in " + brief(left) : "any moment");
    });
  };
  setInterval(tick, 1000);

  const live = document.getElementById("live");
  const state = (word) => {
    if (!live || live.dataset.state === word) return;
    live.dataset.state = word;
    live.textContent = word;
  };
  document.body.addEventListener("htmx:sseOpen", () => state("live"));
  document.body.addEventListener("htmx:sseError", () => state("connecting again"));

  document.body.addEventListener("htmx:sseMessage", () => {
    tick();
    const lines = document.getElementById("lines");
    if (!lines) return;
    for (let more = lines.childElementCount - LINES; more > 0; more--) lines.firstElementChild.remove();
  });

  // A log shows its end, and stays there until somebody scrolls up to read.
  const log = document.querySelector(".log.tail");
  if (log) {
    let follows = true;
    const end = () => {
      if (follows) log.scrollTop = log.scrollHeight;
    };
    log.addEventListener("scroll", () => {
      follows = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    }, { passive: true });
    new MutationObserver(end).observe(log, { childList: true, subtree: true });
    end();
  }
})();
