extension YamuxSession {
    /// What holds between any two calls, checked the slow way; for tests.
    ///
    /// - Returns: the names of what does not hold.
    package var brokenInvariants: [String] {
        var broken: [String] = []
        func require(_ condition: Bool, _ name: String) { if !condition { broken.append(name) } }
        var sums = YamuxTotals()
        for (id, stream) in streams { sums.add(stream, isOwn: isOwn(id)) }
        require(sums == totals, "totals")
        require(totals.inbound <= limits.inboundStreams, "inbound streams")
        require(totals.outbound <= limits.outboundStreams, "outbound streams")
        require(max(totals.unacknowledged, totals.unaccepted) <= limits.acknowledgementBacklog, "backlog")
        require(totals.unconsumed <= limits.unconsumedBytes, "unconsumed bytes")
        require(totals.queued <= limits.sessionSendBuffer, "session send buffer")
        require(answers <= limits.pendingAnswers, "pending answers")
        require(answers == control.contents.count { if case .answer = $0 { true } else { false } }, "answers")
        require(peerNumbers.skipped.count <= limits.skippedStreams, "skipped streams")
        require(decoder.bufferedBytes < YamuxFrame.headerSize + limits.receivedFrame, "decoder")
        require(line.count == streams.values.count { $0.isInLine }, "line")
        let inLine = Set(line.contents)
        let updates = control.contents.compactMap { if case .windowUpdate(let id) = $0 { id } else { nil } }
        let pending = Set(updates)
        require(inLine.count == line.count, "twice in line")
        require(pending.count == updates.count && pending.isSubset(of: streams.keys), "updates")
        if end != nil { require(streams.isEmpty && control.count <= 1 && nextDeadline == nil, "ended") }
        for (id, stream) in streams {
            require(isOwn(id) ? UInt64(id.value) < nextNumber : peerNumbers.wasOpened(id), "number")
            require(stream.handshake != (isOwn(id) ? .offeredByPeer : .offeredToPeer), "handshake")
            require(!stream.isClosed, "closed")
            require(!stream.send.isReady || stream.isInLine, "ready")
            require(inLine.contains(id) == stream.isInLine, "in line")
            require(pending.contains(id) == stream.isUpdatePending, "update pending")
            require(stream.send.queued <= limits.streamSendBuffer, "stream send buffer")
            guard case .open(let window) = stream.receive else { continue }
            require(window.credit >= 0 && window.grantable >= 0 && window.unconsumed >= 0, "window")
            require(window.size <= max(limits.maximumWindow, YamuxLimits.initialWindow), "window size")
            require(window.grantable == 0 || !window.isUpdateDue || stream.isUpdatePending, "update due")
        }
        return broken
    }
}
