/** The look of every page. */
export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --ground: #f6f7f9;
  --sheet: #ffffff;
  --ink: #1b1f24;
  --quiet: #57606a;
  --line: #d0d7de;
  --accent: #0b57d0;
  --on-accent: #ffffff;
  --good: #116329;
  --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1216;
    --sheet: #181c22;
    --ink: #e8ebef;
    --quiet: #a2abb6;
    --line: #3a424d;
    --accent: #8ab4ff;
    --on-accent: #0b1a33;
    --good: #7ad694;
    --bad: #ffb4ab;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif;
}
main {
  max-width: 36rem;
  margin: 10vh auto 2rem;
  padding: 2rem;
  background: var(--sheet);
  border: 1px solid var(--line);
  border-radius: 12px;
}
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 1.5rem 0 0.5rem; font-size: 1.05rem; }
p { margin: 0 0 1rem; }
a { color: var(--accent); }
code, a { overflow-wrap: anywhere; }
pre {
  padding: 0.75rem;
  background: var(--ground);
  border-radius: 8px;
  white-space: pre-wrap;
}
label { display: block; margin-bottom: 0.35rem; font-weight: 600; }
label .quiet { font-weight: 400; }
input + label { margin-top: 1rem; }
input + p { margin-top: 0.35rem; }
input {
  width: 100%;
  padding: 0.65rem 0.75rem;
  font: inherit;
  color: inherit;
  background: var(--ground);
  border: 1px solid var(--quiet);
  border-radius: 8px;
}
button {
  margin-top: 1rem;
  padding: 0.7rem 1.4rem;
  font: inherit;
  font-weight: 600;
  color: var(--on-accent);
  background: var(--accent);
  border: 0;
  border-radius: 8px;
  cursor: pointer;
}
button:disabled { opacity: 0.6; cursor: progress; }
.choices { display: grid; gap: 0.75rem; justify-items: start; }
.choices button { margin-top: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.quiet { color: var(--quiet); }
[role="status"]:empty { display: none; }
[role="status"] { margin: 1.25rem 0 0; white-space: pre-line; }
[role="status"][data-outcome="good"] { color: var(--good); }
[role="status"][data-outcome="bad"] { color: var(--bad); }
ul.plain { padding: 0; list-style: none; }
ul.plain li { margin-bottom: 0.35rem; }
`;
