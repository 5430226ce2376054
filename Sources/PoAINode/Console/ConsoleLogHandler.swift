import Foundation
import Logging

/// How log lines look.
public enum LogFormat: String, Sendable, CaseIterable {
    /// `12:30:01 block mined: 12  0x…`, for people.
    case text
    /// One JSON object a line, for programs.
    case json
}

/// Writes log messages to the console, metadata in the order of their keys.
public struct ConsoleLogHandler: LogHandler {
    /// Metadata of every line.
    public var metadata: Logger.Metadata = [:]
    /// The least important level that is shown.
    public var logLevel: Logger.Level = .info
    private let console: Console
    private let format: LogFormat

    /// A handler that writes to `console`.
    public init(console: Console, format: LogFormat) {
        self.console = console
        self.format = format
    }

    /// One item of the metadata.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        switch format {
        case .text: console.print(text(event, all))
        case .json: console.print(json(event, all))
        }
    }

    private func text(_ event: LogEvent, _ metadata: [(key: String, value: Logger.Metadata.Value)]) -> String {
        let level = event.level >= .warning ? "\(event.level): " : ""
        let fields = metadata.map { "  \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
        return "\(Self.time(Date())) \(level)\(event.message)\(fields)"
    }

    private func json(_ event: LogEvent, _ metadata: [(key: String, value: Logger.Metadata.Value)]) -> String {
        var fields: [String: JSONField] = [:]
        for (key, value) in metadata { fields[key] = JSONField("\(value)") }
        fields["time"] = .text(Date().formatted(.iso8601))
        fields["level"] = .text("\(event.level)")
        fields["event"] = .text("\(event.message)")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(fields)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// A value of a JSON line: whole numbers up to 2⁵³, which every JSON reader takes exactly, and text.
    private enum JSONField: Encodable {
        case number(UInt64)
        case text(String)

        init(_ value: String) {
            if let number = UInt64(value), number < 1 << 53, "\(number)" == value {
                self = .number(number)
            } else {
                self = .text(value)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }

    /// Quotes a value that holds blanks, and keeps everything on one line.
    private static func quoted(_ value: String) -> String {
        let line = value.replacing("\n", with: " ⏎ ")
        return line.contains(" ") ? "\"\(line)\"" : line
    }

    private static func time(_ date: Date) -> String {
        var seconds = time_t(date.timeIntervalSince1970)
        var parts = tm()
        localtime_r(&seconds, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    }
}
