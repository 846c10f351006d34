/// The markup of all pages, one template put together when the server starts: the frame, and a part for each kind of
/// block. Values are escaped as they are filled in; nothing here writes one unescaped.
enum PageTemplate {
    static let text = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{title}} · Roller</title>
        <link rel="stylesheet" href="{{stylesheet}}">
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="top">
        <a class="home" href="/">Roller</a>
        <nav aria-label="Main">
        <ul>
        {{#areas}}
        <li><a href="{{address}}"{{#current}} aria-current="page"{{/current}}>{{name}}</a></li>
        {{/areas}}
        </ul>
        </nav>
        <form class="search" role="search" action="/search">
        <label for="q">Search</label>
        <input id="q" name="q" type="search" autocomplete="off" spellcheck="false">
        {{#at}}<input type="hidden" name="at" value="{{at}}">{{/at}}
        <button>Search</button>
        </form>
        </header>
        <main id="content" tabindex="-1">
        {{#banners}}
        \(notice)
        {{/banners}}
        {{#hasTrail}}
        <nav class="trail" aria-label="Breadcrumb"><ol>{{#trail}}<li>\(Phrase.template("words"))</li>{{/trail}}</ol></nav>
        {{/hasTrail}}
        <h1>{{title}}</h1>
        {{#hasLead}}
        <p class="lead">\(Phrase.template("lead"))</p>
        {{/hasLead}}
        {{#contents}}
        <nav class="contents" aria-label="On this page"><ul>{{#sections}}<li><a href="#{{id}}">{{title}}</a>{{#count}} <span class="quiet">{{count}}</span>{{/count}}</li>{{/sections}}</ul></nav>
        {{/contents}}
        {{#sections}}
        <section aria-labelledby="{{id}}">
        <h2 id="{{id}}">{{title}}{{#count}} <span class="count">{{count}}</span>{{/count}}</h2>
        {{#blocks}}
        \(block)
        {{/blocks}}
        </section>
        {{/sections}}
        </main>
        <footer class="bottom">
        <p>\(Phrase.template("standing")). Roller {{version}}.{{#data}} For programs: <a href="{{data}}">{{data}}</a>{{/data}}</p>
        </footer>
        </body>
        </html>

        """

    /// One of the kinds of blocks; the others are off.
    private static let block = [
        paragraph, heading, notice, facts, list, table, listing, twoSides, form, picture, fold,
    ].joined(separator: "\n")

    private static let paragraph = "{{#paragraph}}<p>\(Phrase.template("words"))</p>{{/paragraph}}"
    private static let heading = "{{#subheading}}<h3>\(Phrase.template("words"))</h3>{{/subheading}}"

    private static let notice = """
        {{#notice}}
        <div class="notice {{kind}}">
        <p>\(Phrase.template("title"))</p>
        {{#lines}}
        <p class="detail">\(Phrase.template("words"))</p>
        {{/lines}}
        </div>
        {{/notice}}
        """

    private static let facts = """
        {{#facts}}
        <dl class="facts">
        {{#entries}}
        <div><dt>{{name}}</dt><dd>\(Phrase.template("words"))</dd></div>
        {{/entries}}
        </dl>
        {{/facts}}
        """

    private static let list = """
        {{#list}}
        <ul class="plain">
        {{#items}}
        <li>\(Phrase.template("words"))</li>
        {{/items}}
        </ul>
        {{/list}}
        """

    static let table = """
        {{#table}}
        {{#hasRows}}
        <div class="scroll" role="group" tabindex="0" aria-label="{{caption}}">
        <table>
        <caption class="unseen">{{caption}}</caption>
        <thead><tr>{{#columns}}<th scope="col"{{#number}} class="figure"{{/number}}>{{title}}</th>{{/columns}}</tr></thead>
        <tbody>
        {{#rows}}
        <tr><th scope="row">\(Phrase.template("head"))</th>{{#cells}}<td{{#number}} class="figure"{{/number}}>\(Phrase.template("words"))</td>{{/cells}}</tr>
        {{/rows}}
        </tbody>
        </table>
        </div>
        {{/hasRows}}
        {{^hasRows}}
        <p class="quiet">{{empty}}</p>
        {{/hasRows}}
        {{#footer}}
        <p class="footnote">\(Phrase.template("footnote"))</p>
        {{/footer}}
        {{/table}}
        """

    private static let listing = """
        {{#listing}}
        {{#any}}
        <div class="scroll code{{#numbered}} numbered{{/numbered}}" role="group" tabindex="0" aria-label="{{caption}}">
        <table>
        <caption class="unseen">{{caption}}</caption>
        <tbody>
        {{#lines}}
        <tr class="{{kind}}"{{#anchor}} id="{{anchor}}"{{/anchor}}>{{#numbered}}<td class="line">{{#link}}<a href="{{link}}">{{number}}</a>{{/link}}{{^link}}{{number}}{{/link}}</td>{{/numbered}}<td class="text">{{#tokens}}{{#special}}<span class="{{kind}}">{{text}}</span>{{/special}}{{^special}}{{text}}{{/special}}{{/tokens}}</td>{{#noted}}<td class="said">\(Phrase.template("note"))</td>{{/noted}}</tr>
        {{/lines}}
        </tbody>
        </table>
        </div>
        {{/any}}
        {{#footer}}
        <p class="footnote">\(Phrase.template("footnote"))</p>
        {{/footer}}
        {{/listing}}
        """

    private static let twoSides = """
        {{#twoSides}}
        <div class="scroll code sides" role="group" tabindex="0" aria-label="{{caption}}">
        <table>
        <caption class="unseen">{{caption}}</caption>
        <thead><tr><th scope="col" colspan="2">{{oldTitle}}</th><th scope="col" colspan="2">{{newTitle}}</th></tr></thead>
        <tbody>
        {{#rows}}
        {{#part}}
        <tr class="part"><td colspan="4">lines that are the same are left out</td></tr>
        {{/part}}
        {{^part}}
        <tr>{{#old}}<td class="line {{kind}}">{{number}}</td><td class="text {{kind}}">{{text}}</td>{{/old}}{{#new}}<td class="line {{kind}}">{{number}}</td><td class="text {{kind}}">{{text}}</td>{{/new}}</tr>
        {{/part}}
        {{/rows}}
        </tbody>
        </table>
        </div>
        {{#footer}}
        <p class="footnote">\(Phrase.template("footnote"))</p>
        {{/footer}}
        {{/twoSides}}
        """

    private static let form = """
        {{#form}}
        <form class="ask" action="{{action}}">
        {{#fields}}
        {{#hidden}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/hidden}}
        {{^hidden}}
        <span class="field"><label for="{{id}}">{{label}}</label>
        {{#select}}
        <select id="{{id}}" name="{{name}}">{{#choices}}<option value="{{value}}"{{#chosen}} selected{{/chosen}}>{{text}}</option>{{/choices}}</select>
        {{/select}}
        {{^select}}
        <input id="{{id}}" name="{{name}}" value="{{value}}" autocomplete="off" spellcheck="false">
        {{/select}}
        </span>
        {{/hidden}}
        {{/fields}}
        <button>{{button}}</button>
        </form>
        {{/form}}
        """

    private static let picture = """
        {{#picture}}
        <figure>
        <div class="scroll" role="group" tabindex="0" aria-label="{{title}}">
        <svg role="img" aria-labelledby="{{id}} {{id}}-desc" viewBox="0 0 {{width}} {{height}}" width="{{width}}" height="{{height}}">
        <title id="{{id}}">{{title}}</title>
        <desc id="{{id}}-desc">{{description}}</desc>
        {{#curves}}
        <polyline class="{{kind}}" points="{{points}}"/>
        {{/curves}}
        {{#boxes}}
        <rect class="{{kind}}" x="{{x}}" y="{{y}}" width="{{w}}" height="{{h}}"><title>{{tip}}</title></rect>
        {{/boxes}}
        {{#labels}}
        <text class="{{kind}}" x="{{x}}" y="{{y}}" text-anchor="{{end}}">{{text}}</text>
        {{/labels}}
        </svg>
        </div>
        <figcaption>{{description}}</figcaption>
        </figure>
        <details><summary>The same as a table</summary>
        \(table)
        </details>
        {{/picture}}
        """

    private static let fold = """
        {{#fold}}
        <details{{#open}} open{{/open}}><summary>\(Phrase.template("words"))</summary>
        {{/fold}}
        {{#unfold}}
        </details>
        {{/unfold}}
        """
}
