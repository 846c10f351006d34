internal import OrderedCollections
internal import RollerCore

/// A table. The first column says what each row is of.
struct Table: Sendable {
    /// What the table shows, for who cannot see the heading above it.
    let caption: String
    let columns: [Column]
    let rows: [[Phrase]]
    /// What stands below: that there is more, and where.
    var footer = Phrase.nothing
    /// What is said where there is no row.
    var empty = "None."

    /// The head of a column.
    struct Column: Sendable, ExpressibleByStringLiteral {
        let title: String
        var isNumber = false

        init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }

        init(stringLiteral title: String) { self.init(title) }

        /// A column of numbers, which stand right.
        static func number(_ title: String) -> Column { Column(title, isNumber: true) }
    }

    var scope: Value {
        .map([
            "caption": .string(printable(caption)), "hasRows": .bool(!rows.isEmpty), "empty": .string(empty),
            "footer": .bool(!footer.isEmpty), "footnote": footer.scope,
            "columns": .list(
                columns.map { .map(["title": .string(printable($0.title)), "number": .bool($0.isNumber)]) }),
            "rows": .list(
                rows.map { row in
                    .map([
                        "head": row.first?.scope ?? .list([]),
                        "cells": .list(
                            row.enumerated().dropFirst().map { index, cell in
                                let isNumber = index < columns.count && columns[index].isNumber
                                return .map(["words": cell.scope, "number": .bool(isNumber)])
                            }),
                    ])
                }),
        ])
    }
}

/// A part of a long list: so many at a time, with the way to the others.
struct TablePart: Sendable {
    let offset: Int
    let total: Int
    static let size = 100

    /// Everything at once.
    static func all(_ total: Int) -> TablePart { TablePart(offset: 0, total: total) }

    private init(offset: Int, total: Int) {
        self.offset = offset
        self.total = total
    }

    /// - Throws: `RequestError.badParameter` for what is no number.
    init(_ parameter: String?, total: Int) throws(RequestError) {
        guard let parameter else {
            (offset, self.total) = (0, total)
            return
        }
        guard let offset = Int(parameter), offset >= 0 else {
            throw .badParameter("from", parameter, rule: "a whole number, 0 for the beginning")
        }
        (self.offset, self.total) = (min(offset, total), total)
    }

    /// The part of `items` to show.
    func part<Item>(of items: [Item]) -> ArraySlice<Item> {
        items[min(offset, items.count)..<min(items.count, offset + Self.size)]
    }

    /// Which part it is, and links to those around it; nothing where all is shown.
    func footer(_ address: (Int) -> String) -> Phrase {
        guard total > Self.size || offset > 0 else { return .nothing }
        let last = min(total, offset + Self.size)
        let place = Phrase("\(min(offset + 1, total).grouped) to \(last.grouped) of \(total.grouped)", .quiet)
        var parts = [place]
        if offset > 0 { parts.append(.link("Earlier", address(max(0, offset - Self.size)))) }
        if last < total { parts.append(.link("Later", address(last))) }
        return parts.joined(" · ")
    }
}
