extension RunReport {
  /// How the page of a run looks, beyond what all pages have.
  static let style = """
    :root { --curve: #1f6fb5; --good: #1d7a4c; }
    @media (prefers-color-scheme: dark) { :root { --curve: #6fb3ef; --good: #63c894; } }
    header { display: flex; justify-content: space-between; align-items: flex-start; gap: 16px; }
    .method, dt, .chart span { color: var(--muted); }
    .stamp { margin-top: 6px; }
    .state {
      flex: none; font-size: .85rem; font-weight: 600; padding: 3px 12px; border-radius: 99px;
      border: 1px solid currentColor;
    }
    .running { color: var(--curve); } .finished { color: var(--good); }
    .stopped { color: var(--accent); }
    .reason { margin-top: 8px; }
    .bar { height: 6px; margin: 20px 0 18px; border-radius: 3px; background: var(--line); overflow: hidden; }
    .bar i { display: block; height: 100%; background: var(--curve); }
    .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 14px 24px; margin: 0; }
    dt { font-size: .8rem; }
    dd { margin: 0; font-size: 1.25rem; font-weight: 600; white-space: nowrap; }
    .sample { margin-bottom: 22px; }
    .sample figcaption { font-size: .9rem; margin-bottom: 6px; }
    .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 16px; margin-top: 10px; }
    .chart { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px 6px; }
    .chart figcaption { display: flex; flex-wrap: wrap; gap: 0 10px; align-items: baseline; font-size: .9rem; margin-bottom: 4px; }
    .chart b { overflow-wrap: anywhere; }
    .chart span { margin-left: auto; font-size: .8rem; }
    .chart em { flex-basis: 100%; font-style: normal; font-size: .8rem; color: var(--accent); }
    svg { display: block; width: 100%; height: auto; }
    svg text { font-size: 13.5px; fill: var(--muted); }
    polyline { fill: none; stroke: var(--curve); stroke-linejoin: round; stroke-linecap: round; }
    .raw { opacity: .28; stroke-width: 1; } .smooth { stroke-width: 2; }
    .grid { stroke: var(--line); } .dot { fill: var(--curve); }
    .best { stroke: var(--accent); stroke-dasharray: 3 3; }
    .bestdot { fill: var(--accent); stroke: var(--card); stroke-width: 1.5; }
    th { width: 14em; max-width: 45%; }
    td { overflow-wrap: anywhere; }
    @media (max-width: 520px) { main { padding: 18px 14px 40px; } th { width: 45%; } dd { font-size: 1.1rem; } }

    """
}
