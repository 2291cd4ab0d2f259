/// How the page of a run looks.
enum ReportStyle {
  static let text = """
    :root {
      color-scheme: light dark;
      --paper: #fcfcfa; --card: #fff; --ink: #1b1e23; --muted: #6a717c; --line: #e3e4e0;
      --curve: #1f6fb5; --best: #b5541f; --good: #1d7a4c; --warn: #8a5a00; --warnpaper: #fff6e0;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14161a; --card: #1b1e23; --ink: #e7e8ea; --muted: #969daa; --line: #2d323a;
        --curve: #6fb3ef; --best: #f0985f; --good: #63c894; --warn: #f0c060; --warnpaper: #2b2415;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      font-variant-numeric: tabular-nums;
    }
    main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 60px; }
    header { display: flex; justify-content: space-between; align-items: flex-start; gap: 16px; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.05rem; margin: 36px 0 10px; padding-top: 14px; border-top: 1px solid var(--line); }
    p { margin: 0; }
    .method, .stamp, dt, small, .chart span { color: var(--muted); }
    .stamp { font-size: .8rem; margin-top: 6px; }
    .state {
      flex: none; font-size: .85rem; font-weight: 600; padding: 3px 12px; border-radius: 99px;
      border: 1px solid currentColor;
    }
    .running { color: var(--curve); } .finished { color: var(--good); }
    .stopped, .reason { color: var(--best); }
    .reason { margin-top: 8px; overflow-wrap: anywhere; }
    .bar { height: 6px; margin: 20px 0 18px; border-radius: 3px; background: var(--line); overflow: hidden; }
    .bar i { display: block; height: 100%; background: var(--curve); }
    .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 14px 24px; margin: 0; }
    dt { font-size: .8rem; }
    dd { margin: 0; font-size: 1.25rem; font-weight: 600; white-space: nowrap; }
    small { font-size: .8rem; font-weight: 400; }
    .warnings { margin-top: 24px; padding: 12px 18px; border-radius: 8px; background: var(--warnpaper); border-left: 4px solid var(--warn); }
    .warnings h2 { margin: 0 0 4px; padding: 0; border: 0; color: var(--warn); }
    .warnings ul { margin: 0; padding-left: 18px; overflow-wrap: anywhere; }
    figure { margin: 0; }
    .sample { margin-bottom: 22px; }
    .sample figcaption { font-size: .9rem; margin-bottom: 6px; }
    .sample img { display: block; max-width: 100%; height: auto; border-radius: 4px; border: 1px solid var(--line); }
    .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 16px; margin-top: 10px; }
    .chart { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px 6px; }
    .chart figcaption { display: flex; flex-wrap: wrap; gap: 0 10px; align-items: baseline; font-size: .9rem; margin-bottom: 4px; }
    .chart b { overflow-wrap: anywhere; }
    .chart span { margin-left: auto; font-size: .8rem; }
    .chart em { flex-basis: 100%; font-style: normal; font-size: .8rem; color: var(--best); }
    svg { display: block; width: 100%; height: auto; }
    svg text { font-size: 13.5px; fill: var(--muted); }
    polyline { fill: none; stroke: var(--curve); stroke-linejoin: round; stroke-linecap: round; }
    .raw { opacity: .28; stroke-width: 1; } .smooth { stroke-width: 2; }
    .grid { stroke: var(--line); } .dot { fill: var(--curve); }
    .best { stroke: var(--best); stroke-dasharray: 3 3; }
    .bestdot { fill: var(--best); stroke: var(--card); stroke-width: 1.5; }
    table { border-collapse: collapse; width: 100%; font-size: .9rem; }
    th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); }
    th { font-weight: 400; color: var(--muted); width: 14em; max-width: 45%; }
    td { overflow-wrap: anywhere; }
    @media (max-width: 520px) { main { padding: 18px 14px 40px; } th { width: 45%; } dd { font-size: 1.1rem; } }

    """
}
