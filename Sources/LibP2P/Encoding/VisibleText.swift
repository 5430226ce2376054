extension String {
    /// Foreign text for a log or an error line: its first `limit` bytes, with `?` for what is not a visible ASCII character
    /// or a space.
    init(visible text: some StringProtocol, limit: Int) {
        self.init(decoding: text.utf8.prefix(limit).map { (0x20...0x7E).contains($0) ? $0 : 0x3F }, as: UTF8.self)
    }
}
