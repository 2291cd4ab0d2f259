/// How the page of an evaluation looks.
enum EvaluationStyle {
  static let text = """
    :root {
      color-scheme: light dark;
      --paper: #fcfcfa; --card: #fff; --ink: #1b1e23; --muted: #6a717c; --line: #e3e4e0;
      --bad: #b5541f; --warn: #8a5a00; --warnpaper: #fff6e0;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14161a; --card: #1b1e23; --ink: #e7e8ea; --muted: #969daa; --line: #2d323a;
        --bad: #f0985f; --warn: #f0c060; --warnpaper: #2b2415;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      font-variant-numeric: tabular-nums;
    }
    main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 60px; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.05rem; margin: 36px 0 10px; padding-top: 14px; border-top: 1px solid var(--line); }
    h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
    p { margin: 0; }
    .stamp, small, figcaption, th { color: var(--muted); font-size: .8rem; font-weight: 400; }
    .reason { color: var(--bad); font-size: .85rem; margin-bottom: 8px; }
    .notes { margin-top: 24px; padding: 12px 18px; border-radius: 8px; background: var(--warnpaper); border-left: 4px solid var(--warn); }
    .notes h2 { margin: 0 0 4px; padding: 0; border: 0; color: var(--warn); }
    .notes ul { margin: 0; padding-left: 18px; overflow-wrap: anywhere; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: .9rem; }
    th, td { text-align: left; vertical-align: top; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); }
    article { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; margin: 12px 0; }
    .pictures { display: flex; flex-wrap: wrap; gap: 12px; margin-bottom: 6px; }
    figure { margin: 0; }
    img { display: block; max-width: 100%; height: auto; border-radius: 4px; border: 1px solid var(--line); }

    """
}
