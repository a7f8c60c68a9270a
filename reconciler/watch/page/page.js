"use strict";
(() => {
  const EVERY = 5000; // milliseconds between two looks
  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  let skew = 0; // milliseconds by which the server's clock is ahead of this one
  let tag = "";
  let seen = Date.now();

  function ago(when) {
    const seconds = Math.round((when - Date.now() - skew) / 1000);
    const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) || UNITS[3];
    return relative.format(Math.trunc(seconds / size), unit);
  }

  function tellTimes() {
    for (const time of document.querySelectorAll("time")) {
      const when = new Date(time.dateTime);
      if (!time.title) time.title = `${time.textContent}\n${when.toLocaleString()} here`;
      const text = time.classList.contains("ago") ? ago(when) : time.textContent;
      if (time.textContent !== text) time.textContent = text;
    }
  }

  const keyOf = (node) => (node.nodeType === 1 ? node.dataset.key || node.id : "");
  const own = (node) => node.nodeName === "DETAILS" || node.nodeName === "INPUT" || node.id === "choice";

  // Make one element as the other one is, with as few changes as can be: what is folded, chosen, focused and
  // scrolled stays as the reader left it.
  function update(old, fresh) {
    if (old.nodeName === "TIME" && old.dateTime === fresh.dateTime) return;
    if (old.nodeName === "TIME") old.title = "";
    if (old.dataset.state !== fresh.dataset.state && old.nodeName === "DETAILS") old.open = fresh.open;
    for (const { name } of [...old.attributes])
      if (!fresh.hasAttribute(name) && !(own(old) && ["open", "hidden"].includes(name)) && !(old.nodeName === "TIME" && name === "title")) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes)
      if (old.getAttribute(name) !== value && !(own(old) && ["open", "hidden"].includes(name))) old.setAttribute(name, value);
    const keyed = new Map([...old.children].filter(keyOf).map((child) => [keyOf(child), child]));
    let place = old.firstChild;
    for (const child of [...fresh.childNodes]) {
      const known = keyed.get(keyOf(child));
      keyed.delete(keyOf(child));
      const same = known || (place && !keyOf(place) && !keyOf(child) && place.nodeName === child.nodeName ? place : null);
      if (!same || same.nodeName !== child.nodeName) {
        old.insertBefore(document.adoptNode(child), place);
        continue;
      }
      if (same === place) place = place.nextSibling;
      else old.insertBefore(same, place);
      if (same.nodeType === 1) update(same, child);
      else if (same.nodeValue !== child.nodeValue) same.nodeValue = child.nodeValue;
    }
    while (place) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
  }

  function show(fresh) {
    if (fresh.querySelector("script")?.textContent !== document.querySelector("body > script").textContent) return location.reload();
    update(document.querySelector("main"), fresh.querySelector("main"));
    const icon = document.querySelector("link[rel=icon]"), newer = fresh.querySelector("link[rel=icon]");
    if (icon.href !== newer.href) icon.href = newer.href;
    document.title = fresh.title;
    choose();
    tellTimes();
  }

  function tellWhetherLost(lost) {
    const line = document.getElementById("lost");
    line.textContent = lost ? `The watch does not answer. What is shown is from ${ago(new Date(seen + skew))}.` : "";
    line.hidden = !lost;
    document.documentElement.classList.toggle("is-lost", lost);
  }

  // An XMLHttpRequest, as it parses HTML without running it and without a text that becomes markup.
  function look() {
    if (document.hidden) return;
    const request = new XMLHttpRequest();
    request.open("GET", location.pathname);
    request.responseType = "document";
    request.timeout = 2 * EVERY;
    if (tag) request.setRequestHeader("If-None-Match", tag);
    request.onloadend = () => {
      const good = request.status === 304 || (request.status === 200 && request.responseXML?.querySelector("main"));
      if (good) {
        seen = Date.now();
        skew = new Date(request.getResponseHeader("Date")) - seen;
        if (Math.abs(skew) < 2000) skew = 0;
        tag = request.getResponseHeader("ETag");
        if (request.status === 200) show(request.responseXML);
      }
      tellWhetherLost(!good);
    };
    request.send();
  }

  function choose() {
    const choice = document.getElementById("choice");
    if (!choice) return;
    choice.hidden = false;
    const part = document.getElementById("name").value.trim().toLowerCase();
    const unclean = document.getElementById("unclean").checked;
    for (const one of document.querySelectorAll("[data-state]"))
      one.classList.toggle("unchosen", !one.dataset.key.toLowerCase().includes(part) || (unclean && one.dataset.state === "clean"));
  }

  // A link of the table unfolds what it leads to.
  function unfold() {
    const found = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (found?.nodeName === "DETAILS") {
      found.open = true;
      found.scrollIntoView();
    }
  }

  document.addEventListener("input", choose);
  document.addEventListener("visibilitychange", look);
  addEventListener("hashchange", unfold);
  choose();
  unfold();
  tellTimes();
  setInterval(tellTimes, 1000);
  setInterval(look, EVERY);
  look();
})();
