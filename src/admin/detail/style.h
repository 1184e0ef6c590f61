#pragma once

namespace kintsugi::admin {

/// Ink on paper, seams of gold.
inline constexpr const char kStyle[] = R"css(
:root{color-scheme:light dark;--paper:#f7f6f2;--card:#fff;--ink:#20232a;--soft:#6b7079;--line:#e3e0d8;--gold:#a87b0f;
--seam:#c9992b;--good:#1f7a43;--warn:#a35c00;--bad:#b3261e;--goodbg:#e3f2e8;--warnbg:#fbeeda;--badbg:#fbe4e2}
@media(prefers-color-scheme:dark){:root{--paper:#15171b;--card:#1d2026;--ink:#e7e5df;--soft:#979ca6;--line:#2e323a;
--gold:#e3b755;--seam:#c9992b;--good:#6cc58f;--warn:#e6a953;--bad:#f28b82;--goodbg:#1c3326;--warnbg:#3a2c14;
--badbg:#42211f}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,
"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
a{color:var(--gold);text-decoration:none}a:hover{text-decoration:underline}
header{background:var(--card);border-bottom:2px solid var(--seam);padding:14px 24px}
.top{display:flex;align-items:center;gap:14px;flex-wrap:wrap;max-width:1240px;margin:auto}
.top svg{flex:none}
h1{font-size:19px;margin:0;font-weight:650}h1 small{font-weight:400;color:var(--soft);font-size:14px;margin-left:8px}
.grow{flex:1}
nav{max-width:1240px;margin:8px auto 0;display:flex;gap:18px;flex-wrap:wrap}
nav a.here{color:var(--ink);font-weight:600}
main{max-width:1240px;margin:18px auto 48px;padding:0 24px}
.badge{display:inline-block;border-radius:999px;padding:2px 12px;font-weight:600;font-size:12.5px}
.good{color:var(--good)}.warning{color:var(--warn)}.bad{color:var(--bad)}.muted{color:var(--soft)}
.badge.good{background:var(--goodbg)}.badge.warning{background:var(--warnbg)}.badge.bad{background:var(--badbg)}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(270px,1fr));gap:14px}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 16px;min-width:0}
.chart h3{margin:0;font-size:12.5px;font-weight:600;color:var(--soft)}
.chart .big{font-size:25px;font-weight:620;line-height:1.25}.chart .big small{font-size:13px;color:var(--soft);
font-weight:400;white-space:nowrap}
.chart .more{color:var(--soft);font-size:12.5px}.chart .more b{color:var(--ink);font-weight:550}
.chart svg{display:block;width:100%;height:44px;margin-top:8px}
.spark{fill:none;stroke:var(--seam);stroke-width:1.5;vector-effect:non-scaling-stroke}
.base{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.under{fill:var(--seam);opacity:.14}.bad .spark{stroke:var(--bad)}.bad .base{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
.bad .under{fill:var(--bad)}
section{margin-top:22px}h2{font-size:15.5px;margin:0 0 8px;font-weight:640}
p.note{margin:0 0 8px;color:var(--soft)}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:3px 22px;margin:0}
.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600;color:var(--soft);font-size:12.5px;white-space:nowrap}
th,td{padding:5px 18px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}td.short{white-space:nowrap}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:12.5px/1.5 ui-monospace,"SF Mono","DejaVu Sans Mono",Menlo,monospace}
code{font:12.5px ui-monospace,"DejaVu Sans Mono",Menlo,monospace}
button,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px;
padding:3px 10px;cursor:pointer}
form{display:inline}footer{max-width:1240px;margin:0 auto 32px;padding:0 24px;color:var(--soft);font-size:12.5px}
)css";

/// Asks for the page again every two seconds and shows what changed; stops while the page is not looked at.
inline constexpr const char kLiveScript[] = R"js(
(() => {
  const button = document.getElementById('live');
  let on = true;
  const show = () => { button.textContent = on ? 'pause' : 'resume'; };
  button.hidden = false;
  button.onclick = () => { on = !on; show(); };
  show();
  const part = (page, name) => page.querySelector(name);
  setInterval(async () => {
    if (!on || document.hidden || String(getSelection())) return;
    try {
      const text = await (await fetch(location.href)).text();
      const fresh = new DOMParser().parseFromString(text, 'text/html');
      for (const name of ['main', '#state']) part(document, name).innerHTML = part(fresh, name).innerHTML;
    } catch (error) {
      part(document, '#state').innerHTML = '<span class="badge bad">no answer</span>';
    }
  }, 2000);
})();
)js";

/// A bowl, mended with gold.
inline constexpr const char kLogo[] =
    R"svg(<svg width="34" height="34" viewBox="0 0 34 34" aria-hidden="true"><path d="M3 11h28c0 10-6 17-14 17S3 21 3 11z" )svg"
    R"svg(fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/><path d="M13 11l4 6-4 4 5 7M17 17l8 3" )svg"
    R"svg(fill="none" stroke="#c9992b" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>)svg";

}  // namespace kintsugi::admin
