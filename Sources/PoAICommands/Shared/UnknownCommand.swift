import ArgumentParser

/// A first word that is no command gets a better answer than what the default command makes of it.
enum UnknownCommand {
    /// - Throws: `ValidationError` for a word in the place of a command that is none.
    static func check(_ arguments: [String]) throws {
        let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
        guard let word = words.first, !word.hasPrefix("-") else { return }
        let names = Poaid.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !names.contains(word) else { return }
        let near = names.min { distance($0, word) < distance($1, word) } ?? "help"
        let hint = distance(near, word) <= 2 ? "did you mean '\(near)'? " : ""
        throw ValidationError("\(word): there is no such command (\(hint)'poaid help' lists them)")
    }

    /// Levenshtein's distance: how many letters to insert, delete or change.
    private static func distance(_ a: String, _ b: String) -> Int {
        let target = Array(b)
        var row = Array(0...target.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in target.indices {
                let replaced = diagonal + (letter == target[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[target.count]
    }
}
