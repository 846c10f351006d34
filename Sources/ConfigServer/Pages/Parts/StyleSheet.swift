internal import HTTPTypes
internal import RollerCore

/// The one style sheet and the one icon. Their addresses hold the digest of what they are, so that browsers may keep
/// them for ever.
enum StyleSheet {
    static let address = "/assets/style.css?v=\(Digest(of: text).hex.prefix(16))"

    static var routes: [Route] {
        [
            .get("/assets/style.css", taking: ["v"]) { call in
                var answer = Answer(View(Array(text.utf8), type: "text/css; charset=utf-8"))
                // Asked for by the digest of another version, as by a page of a server not yet restarted, it may change.
                if call.query["v"].map({ address.hasSuffix("v=\($0)") }) == true {
                    answer.headers[.cacheControl] = "public, max-age=31536000, immutable"
                }
                return answer
            },
            .get("/assets/icon.svg") { _ in
                var answer = Answer(View(Array(icon.utf8), type: "image/svg+xml"))
                answer.headers[.cacheControl] = "public, max-age=86400"
                return answer
            },
        ]
    }

    private static let icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d4f91"/>\
        <path d="M8 9h16M8 16h16M8 23h10" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>

        """

    static let text = """
        :root {
          color-scheme: light dark;
          --paper: #fff; --raised: #f5f6f8; --line: #d9dde3; --ink: #1a1d21; --quiet: #58606b; --link: #0b57b0;
          --good: #0a6b3a; --good-paper: #e3f4ea; --bad: #a81e1e; --bad-paper: #fdeaea; --warn: #7a4a00;
          --warn-paper: #fdf1dc; --info: #1d4f91; --info-paper: #e6effa; --bar: #3b78c3; --key: #0b5394;
          --string: #0a6b3a; --number: #8a3b00; --comment: #58606b;
          --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #14171a; --raised: #1d2125; --line: #363c43; --ink: #e4e7eb; --quiet: #a3abb5; --link: #7db4f5;
            --good: #6bd39a; --good-paper: #12301f; --bad: #ff9a94; --bad-paper: #3a1717; --warn: #f0bd6a;
            --warn-paper: #372708; --info: #9cc4f7; --info-paper: #16283f; --bar: #5b96dd; --key: #8ec0fa;
            --string: #8ad7a9; --number: #f0b27a; --comment: #a3abb5;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
        body {
          margin: 0; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
        }
        a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px; }
        a:hover { text-decoration-thickness: 2px; }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
        main:focus { outline: none; }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem 1rem; z-index: 1; }
        .unseen {
          position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
        }

        .top {
          display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: center; padding: .6rem 1.5rem;
          border-bottom: 1px solid var(--line); background: var(--raised);
        }
        .home { font-weight: 700; color: var(--ink); text-decoration: none; font-size: 1.05rem; }
        .top nav { flex: 1 1 auto; }
        .top ul { display: flex; flex-wrap: wrap; gap: 0 1.1rem; margin: 0; padding: 0; list-style: none; }
        .top nav a { display: inline-block; padding: .3rem 0; color: var(--ink); text-decoration: none; }
        .top nav a:hover { text-decoration: underline; }
        .top nav a[aria-current] { color: var(--link); box-shadow: inset 0 -2px 0 var(--link); }
        .search { display: flex; gap: .4rem; align-items: center; }
        .search label { color: var(--quiet); }
        input, select, button {
          font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--quiet);
          border-radius: 4px; padding: .2rem .5rem; min-height: 2rem; max-width: 100%;
        }
        .search input { width: 12rem; }
        button { background: var(--raised); cursor: pointer; }
        button:hover { border-color: var(--ink); }

        main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; }
        h1 { font-size: 1.55rem; line-height: 1.25; margin: .4rem 0 .3rem; overflow-wrap: anywhere; text-wrap: balance; }
        h2 { font-size: 1.12rem; margin: 2rem 0 .6rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
        h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; overflow-wrap: anywhere; }
        p { margin: .4rem 0; max-width: 70rem; overflow-wrap: anywhere; }
        .lead { color: var(--quiet); }
        .count { color: var(--quiet); font-weight: 400; font-variant-numeric: tabular-nums; }
        .quiet, .footnote, figcaption { color: var(--quiet); }
        .strong { font-weight: 600; }
        .code, .facts dd .code { font-family: var(--mono); font-size: .92em; unicode-bidi: isolate; }
        td .code { display: inline-block; width: max-content; max-width: 60ch; white-space: pre-wrap; }
        th .code { white-space: pre; }
        .good, .bad, .warn, .info { padding: .05em .5em; border-radius: 1em; font-size: .9em; white-space: nowrap; }
        .good { color: var(--good); background: var(--good-paper); }
        .bad { color: var(--bad); background: var(--bad-paper); }
        .warn { color: var(--warn); background: var(--warn-paper); }
        .info { color: var(--info); background: var(--info-paper); }

        .trail ol, .contents ul { display: flex; flex-wrap: wrap; gap: .1rem .5rem; margin: 0; padding: 0; list-style: none; }
        .trail li + li::before { content: "/"; color: var(--quiet); margin-right: .5rem; }
        .contents { margin: .8rem 0 0; }
        .contents ul { gap: .1rem 1.2rem; }
        .notice {
          border-left: 4px solid currentColor; border-radius: 4px; padding: .5rem 1rem; margin: 0 0 .8rem;
          white-space: normal; font-size: 1em;
        }
        .notice p { color: var(--ink); }
        .notice .detail { font-size: .93em; }

        .facts { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.5rem; margin: .4rem 0; }
        .facts > div { display: contents; }
        .facts dt { color: var(--quiet); }
        .facts dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
        ul.plain { margin: .4rem 0; padding-left: 1.2rem; }
        ul.plain li { overflow-wrap: anywhere; margin: .15rem 0; }

        .scroll { overflow-x: auto; max-width: 100%; }
        table { border-collapse: collapse; }
        .scroll > table { min-width: min(100%, 40rem); }
        th, td { text-align: left; vertical-align: top; padding: .28rem 1.2rem .28rem 0; }
        thead th { color: var(--quiet); font-weight: 500; font-size: .9em; border-bottom: 1px solid var(--line); white-space: nowrap; }
        tbody th { font-weight: 400; }
        tbody tr + tr > * { border-top: 1px solid var(--line); }
        tbody tr:hover > * { background: var(--raised); }
        .figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td:last-child, th:last-child { padding-right: .3rem; }

        .code.scroll { border: 1px solid var(--line); border-radius: 4px; background: var(--raised); margin: .4rem 0; }
        .code table { font-family: var(--mono); font-size: 12.5px; line-height: 1.55; width: 100%; }
        .code td { padding: 0 .7rem; border: 0 !important; white-space: pre; }
        .code tr:first-child td { padding-top: .4rem; }
        .code tr:last-child td { padding-bottom: .4rem; }
        .code .line { width: 1%; text-align: right; user-select: none; border-right: 1px solid var(--line) !important; }
        .code .line a { color: var(--quiet); text-decoration: none; display: block; }
        .code .line a:hover { color: var(--link); text-decoration: underline; }
        .code .text { tab-size: 4; unicode-bidi: isolate; }
        .code .said { font-family: system-ui, sans-serif; white-space: nowrap; color: var(--quiet); }
        .code .key { color: var(--key); }
        .code .string { color: var(--string); }
        .code .number { color: var(--number); }
        .code .comment { color: var(--comment); font-style: italic; }
        .code .tag { color: var(--ink); background: var(--warn-paper); border-radius: 2px; }
        .code tr.added > td { background: var(--good-paper); }
        .code tr.removed > td { background: var(--bad-paper); }
        .code td.added { background: var(--good-paper); }
        .code td.removed { background: var(--bad-paper); }
        .code td.absent { background: var(--line); opacity: .35; }
        .sides thead th { padding: .3rem .7rem; font-family: var(--mono); }
        .sides td.text { width: 49%; }
        .code tr.part > td { color: var(--info); }
        .code tr.marked > td, .code tr:target > td { background: var(--warn-paper); }

        .ask { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: .6rem 0; }
        .field { display: flex; flex-direction: column; min-width: 0; }
        .field label { color: var(--quiet); font-size: .9em; }
        .ask input:not([type=hidden]) { width: 18rem; }
        details { margin: .5rem 0; }
        summary { cursor: pointer; padding: .15rem 0; overflow-wrap: anywhere; }

        figure { margin: .6rem 0; }
        svg { display: block; font: 12px system-ui, "DejaVu Sans", sans-serif; }
        svg text { fill: var(--ink); }
        svg .figure { fill: var(--quiet); }
        svg .bar, svg rect.info { fill: var(--bar); }
        svg rect.good { fill: var(--good); }
        svg rect.bad { fill: var(--bad); }
        svg rect.warn { fill: var(--warn); }
        svg rect.quiet { fill: var(--line); stroke: var(--quiet); }
        svg polyline { fill: none; stroke: var(--bar); stroke-width: 2; }
        svg polyline.grid { stroke: var(--line); stroke-width: 1; }
        figcaption { font-size: .93em; }

        .bottom { border-top: 1px solid var(--line); padding: .6rem 1.5rem; color: var(--quiet); font-size: .9em; }
        .bottom p { max-width: 73rem; margin: 0 auto; }
        @media (max-width: 40rem) {
          .top, main, .bottom { padding-left: 1rem; padding-right: 1rem; }
          .top nav { flex-basis: 100%; order: 3; }
          .search { flex: 1 1 10rem; justify-content: end; min-width: 0; }
          .search label {
            position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
          }
          .search input { flex: 1 1 4rem; min-width: 0; width: 4rem; max-width: 12rem; }
          .facts { grid-template-columns: 1fr; gap: 0; }
          .facts dd { margin-bottom: .5rem; }
          .field, .ask input:not([type=hidden]), .ask select { width: 100%; }
        }
        @media print {
          .top nav, .search, .skip, .contents, .ask { display: none; }
          body { font-size: 10.5pt; }
          .scroll { overflow: visible; }
          .code td { white-space: pre-wrap; }
          a { color: inherit; text-decoration: none; }
          section { break-inside: auto; }
          h2, h3 { break-after: avoid; }
        }

        """
}
