"use strict";
(() => {
  const BATCH = 30; // findings drawn at a time
  const AHEAD = 1500; // pixels below the window that are drawn
  const ROOM = 260; // letters of the paragraph shown on either side
  const LONGEST = 700; // letters shown of a text that is removed
  const RULES = 8; // in the chart
  const BINS = 20;

  const $ = (id) => document.getElementById(id);
  const run = JSON.parse(document.querySelector("script.run").textContent);
  const articles = [...document.querySelectorAll("script.article")].map((data) => {
    const article = JSON.parse(data.textContent);
    data.remove();
    return article;
  });
  const findings = articles.flatMap((article) => article.findings.map((finding) => Object.assign(finding, { article })));

  // --- elements

  function make(name, properties = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key in element) element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  function draw(name, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  const bar = (share) =>
    draw("svg", { viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" }, draw("rect", { width: 100 * share, height: 4 }));
  const unseen = (text) => make("span", { className: "unseen" }, text);
  const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  const percent = (share) => `${Math.round(100 * share)}%`;

  // --- what is wanted

  const wanted = { text: "", kinds: new Set(), rule: "", file: "", least: 0, group: "file" };
  let shown = [];

  function haystack(finding) {
    finding.haystack ??= [finding.article.path, finding.rule, finding.message, finding.old, ...finding.new].join("\n").toLowerCase();
    return finding.haystack;
  }

  const tests = {
    text: (finding) => !wanted.text || haystack(finding).includes(wanted.text),
    kind: (finding) => !wanted.kinds.size || wanted.kinds.has(finding.kind),
    rule: (finding) => !wanted.rule || finding.rule === wanted.rule,
    file: (finding) => !wanted.file || finding.article.path === wanted.file,
    sure: (finding) => 100 * finding.confidence >= wanted.least,
  };

  /** What is shown, and for each chart what would be if nothing were chosen in it. */
  function select() {
    const counts = { kind: new Map(), rule: new Map(), file: new Map(), bins: new Array(BINS).fill(0) };
    const add = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);
    shown = findings.filter((finding) => {
      const failed = Object.keys(tests).filter((name) => !tests[name](finding));
      const only = (name) => failed.length === 0 || (failed.length === 1 && failed[0] === name);
      if (only("kind")) add(counts.kind, finding.kind);
      if (only("rule")) add(counts.rule, finding.rule);
      if (only("file")) add(counts.file, finding.article.path);
      if (only("sure")) counts.bins[Math.min(BINS - 1, Math.floor(finding.confidence * BINS))] += 1;
      return failed.length === 0;
    });
    if (wanted.group !== "file") {
      const sizes = new Map();
      for (const finding of shown) add(sizes, finding[wanted.group]);
      const rank = new Map([...sizes].sort((a, b) => b[1] - a[1]).map(([name], number) => [name, number]));
      shown.sort((a, b) => rank.get(a[wanted.group]) - rank.get(b[wanted.group]));
    }
    return counts;
  }

  // --- charts

  function chart(list, counts, kindOf, pressed, choose) {
    const most = Math.max(1, ...counts.map(([, count]) => count));
    list.replaceChildren(
      ...counts.map(([name, count]) => {
        const button = make(
          "button",
          { type: "button", title: name, className: `kind-${kindOf(name)}`, "aria-pressed": String(pressed(name)) },
          make("span", { className: "name" }, name),
          make("span", { className: "count" }, count.toLocaleString("en"), unseen(count === 1 ? " finding" : " findings")),
          bar(count / most),
        );
        button.addEventListener("click", () => {
          choose(name);
          apply();
          [...list.querySelectorAll("button")].find((other) => other.title === name)?.focus();
        });
        return make("li", {}, button);
      }),
    );
  }

  const byCount = (counts) => [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));

  function charts(counts) {
    for (const kind of wanted.kinds) if (!counts.kind.has(kind)) counts.kind.set(kind, 0);
    chart($("kinds"), byCount(counts.kind), (kind) => kind, (kind) => wanted.kinds.has(kind), (kind) => {
      if (!wanted.kinds.delete(kind)) wanted.kinds.add(kind);
    });
    const rules = byCount(counts.rule);
    const top = rules.slice(0, RULES);
    if (wanted.rule && !top.some(([rule]) => rule === wanted.rule)) top.push([wanted.rule, counts.rule.get(wanted.rule) ?? 0]);
    chart($("rules"), top, (rule) => run.rules[rule].kind, (rule) => wanted.rule === rule, (rule) => {
      wanted.rule = wanted.rule === rule ? "" : rule;
    });
    options($("rule"), "all rules", rules.sort((a, b) => (a[0] < b[0] ? -1 : 1)), wanted.rule);
    options($("file"), "all files", articles.map(({ path }) => [path, counts.file.get(path) ?? 0]).filter(([, count]) => count), wanted.file);

    const most = Math.max(1, ...counts.bins);
    $("histogram").replaceChildren(
      ...counts.bins.map((count, bin) => {
        const height = (22 * count) / most;
        const place = { x: (bin * 100) / BINS + 0.3, width: 100 / BINS - 0.6, y: 24 - height, height };
        return draw("rect", { ...place, class: ((bin + 1) * 100) / BINS > wanted.least ? "in" : "" });
      }),
    );
    const parts = counts.bins.map((count, bin) => (count ? `${count} from ${(bin * 100) / BINS}%` : "")).filter(Boolean);
    $("histogram").setAttribute("aria-label", `Findings by confidence: ${parts.join(", ")}`);
    $("least").value = wanted.least ? `${wanted.least}% or more` : "any";
  }

  function options(select, all, counts, chosen) {
    const entries = counts.map(([name, count]) => make("option", { value: name }, `${name} (${count})`));
    if (chosen && !counts.some(([name]) => name === chosen)) entries.push(make("option", { value: chosen }, `${chosen} (0)`));
    select.replaceChildren(make("option", { value: "" }, all), ...entries);
    select.value = chosen;
  }

  // --- an article around a finding

  /** The lines of an article, each a list of pieces, of which some are findings. */
  function lines(article) {
    if (article.lines) return article.lines;
    article.lines = [[]];
    article.around.forEach((text, number) => {
      text.split("\n").forEach((part, line) => {
        if (line) article.lines.push([]);
        if (part) article.lines.at(-1).push({ text: part });
      });
      const finding = article.findings[number];
      if (finding) {
        finding.at = article.lines.length - 1;
        article.lines.at(-1).push({ text: finding.old, finding });
      }
    });
    return article.lines;
  }

  const plain = (piece) => (piece.finding ? make("span", { className: "other" }, piece.text) : piece.text);
  const cut = () => make("span", { className: "cut" }, "…");

  /** As many of `pieces`, the nearest first, as there is room for. */
  function near(pieces, backwards) {
    const nodes = [];
    let room = ROOM;
    for (const piece of pieces) {
      if (piece.text.length > room) {
        const text = backwards ? piece.text.slice(-room) : piece.text.slice(0, room);
        const space = backwards ? text.indexOf(" ") + 1 : text.lastIndexOf(" ");
        nodes.push(plain({ ...piece, text: backwards ? text.slice(space) : text.slice(0, Math.max(space, 0) || room) }), cut());
        break;
      }
      nodes.push(plain(piece));
      room -= piece.text.length;
    }
    return backwards ? nodes.reverse() : nodes;
  }

  /** A text of which something can be seen. */
  const seen = (text) => (text.trim() ? text : text.replaceAll(" ", "␣").replaceAll("\t", "⇥").replaceAll("\n", "⏎\n"));
  const shortened = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST / 2)} […] ${text.slice(-LONGEST / 2)}` : text);

  function change(finding) {
    const old = seen(shortened(finding.old));
    if (!finding.new.length) return [make("mark", {}, unseen("here: "), old)];
    const nodes = finding.old ? [make("del", {}, unseen("deleted: "), old)] : [];
    if (finding.new[0]) nodes.push(make("ins", {}, unseen("inserted: "), seen(shortened(finding.new[0]))));
    return nodes;
  }

  function paragraph(finding) {
    const all = lines(finding.article);
    const line = all[finding.at];
    const place = line.findIndex((piece) => piece.finding === finding);
    const before = near(line.slice(0, place).reverse(), true);
    const after = near(line.slice(place + 1), false);
    const nodes = [...before, ...change(finding), ...after];
    if (line.length > 1) return nodes;
    const neighbour = (step) => {
      let at = finding.at + step;
      while (all[at] && !all[at].some((piece) => piece.text.trim())) at += step;
      return all[at];
    };
    const [previous, next] = [neighbour(-1), neighbour(1)];
    if (previous) nodes.unshift(make("div", { className: "beside" }, ...near([...previous].reverse(), true)));
    if (next) nodes.push(make("div", { className: "beside" }, ...near(next, false)));
    return nodes;
  }

  function whole(finding) {
    return lines(finding.article).flatMap((line, number) => [
      ...(number ? ["\n"] : []),
      ...line.flatMap((piece) => (piece.finding === finding ? change(finding) : [plain(piece)])),
    ]);
  }

  // --- a finding

  function card(finding, number) {
    const rule = run.rules[finding.rule];
    const place = `${finding.line}:${finding.column}`;
    const sure = make("span", { className: "sure", title: "how likely a careful editor agrees" }, bar(finding.confidence), percent(finding.confidence));
    if (finding.applicability === "safe") sure.append(" · safe to apply");
    if (finding.applicability === "display") sure.append(" · advice");
    const text = make("div", { className: "text" }, ...paragraph(finding));
    const placeless = !finding.old && !finding.new.length; // advice about the article as a whole
    text.hidden = placeless;
    const reasons = [...finding.evidence.map((line) => make("li", {}, line)), make("li", {}, `${rule.why} `, make("cite", {}, `(${rule.source})`))];
    const button = make("button", { type: "button", className: "whole-button", "aria-expanded": "false" }, "Show the whole article");
    const title = make("h3", { id: `finding-${number}` }, finding.message);
    const element = make(
      "article",
      { className: `finding kind-${finding.kind}`, tabIndex: -1, "aria-labelledby": title.id },
      make(
        "div",
        { className: "head" },
        make("span", { className: "kind" }, finding.kind),
        make("span", { className: "place" }, wanted.group === "file" ? place : `${finding.article.path}:${place}`),
        make("code", {}, finding.rule),
        sure,
      ),
      title,
      text,
    );
    const others = finding.new.slice(1, 9);
    if (others.length) element.append(make("p", { className: "or" }, "or", ...others.map((each) => make("ins", {}, seen(each) || "(nothing)"))));
    element.append(make("ul", { className: "why" }, ...reasons), button);
    button.addEventListener("click", () => {
      const open = text.classList.toggle("whole");
      button.setAttribute("aria-expanded", String(open));
      button.textContent = open ? "Show only the paragraph" : "Show the whole article";
      text.tabIndex = open ? 0 : -1;
      text.hidden = placeless && !open;
      text.replaceChildren(...(open ? whole(finding) : paragraph(finding)));
      if (open) text.scrollTop = text.querySelector("del, ins, mark").offsetTop - text.offsetTop - text.clientHeight / 3;
    });
    element.addEventListener("focus", () => (current = number));
    return element;
  }

  // --- the list, drawn as far as it is looked at

  let cards = [];
  let current = -1;
  let bunch = null;

  const keyOf = (finding) => (wanted.group === "file" ? finding.article.path : finding[wanted.group]);

  function heading(key, from) {
    let size = 0;
    while (shown[from + size] && keyOf(shown[from + size]) === key) size += 1;
    return make("h2", {}, key, make("small", {}, counted(size, "finding")));
  }

  function drawMore() {
    for (const end = Math.min(shown.length, cards.length + BATCH); cards.length < end; ) {
      const number = cards.length;
      const key = keyOf(shown[number]);
      if (bunch?.dataset.key !== key) {
        bunch = make("section", { className: "bunch" }, heading(key, number));
        bunch.dataset.key = key;
        $("list").append(bunch);
      }
      cards.push(card(shown[number], number));
      bunch.append(cards[number]);
    }
  }

  function fill() {
    while (cards.length < shown.length && $("more").getBoundingClientRect().top < innerHeight + AHEAD) drawMore();
  }

  function apply() {
    charts(select());
    const files = new Set(shown.map((finding) => finding.article)).size;
    const all = shown.length === findings.length;
    $("shown").textContent = !findings.length
      ? "Nothing found."
      : !shown.length
        ? "Nothing matches these filters."
        : `${all ? "All" : `${shown.length.toLocaleString("en")} of`} ${counted(findings.length, "finding")}${all ? "" : ` in ${counted(files, "article")}`}`;
    $("list").replaceChildren();
    cards = [];
    current = -1;
    bunch = null;
    scrollTo(0, 0);
    fill();
  }

  function go(number) {
    if (number < 0 || number >= shown.length) return;
    while (cards.length <= number) drawMore();
    current = number;
    cards[number].focus({ preventScroll: true });
    cards[number].scrollIntoView({ block: "center" });
    fill();
  }

  // --- events

  let waiting = 0;
  $("search").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      wanted.text = $("search").value.trim().toLowerCase();
      apply();
    }, 120);
  });
  $("confidence").addEventListener("input", () => {
    wanted.least = Number($("confidence").value);
    apply();
  });
  for (const name of ["rule", "file"]) {
    $(name).addEventListener("change", () => {
      wanted[name] = $(name).value;
      apply();
    });
  }
  const form = document.querySelector("form.filters");
  form.addEventListener("change", (event) => {
    if (event.target.name !== "group") return;
    wanted.group = event.target.value;
    apply();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    Object.assign(wanted, { text: "", kinds: new Set(), rule: "", file: "", least: 0, group: "file" });
    setTimeout(apply);
  });
  $("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  $("keys").addEventListener("click", () => $("help").showModal());
  addEventListener("scroll", fill, { passive: true });
  addEventListener("resize", fill);
  addEventListener("beforeprint", () => {
    while (cards.length < shown.length) drawMore();
  });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
    if (event.key === "Escape") {
      if (event.target === $("search")) $("search").blur();
      else form.reset();
    } else if (!event.target.matches("input[type=search], select")) {
      const actions = {
        j: () => go(current + 1),
        k: () => go(current - 1),
        o: () => cards[current]?.querySelector(".whole-button").click(),
        "/": () => $("search").select(),
        "?": () => $("help").showModal(),
      };
      if (!actions[event.key]) return;
      event.preventDefault();
      actions[event.key]();
    }
  });

  // --- the beginning

  const summary = [make("b", {}, counted(findings.length, "finding")), ` in ${articles.length.toLocaleString("en")} of ${counted(run.checked, "article")}`];
  if (run.hidden) summary.push(`, ${run.hidden.toLocaleString("en")} more in text that another one replaces`);
  $("summary").append(...summary);
  document.title = `cleaner: ${counted(findings.length, "finding")}`;
  if (run.failures.length) {
    $("failures").hidden = false;
    $("failures").querySelector("ul").append(...run.failures.map(({ path, what }) => make("li", {}, make("b", {}, path), `: ${what}`)));
  }
  apply();
})();
