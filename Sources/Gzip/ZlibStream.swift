internal import CZlib

/// A zlib stream, ended when this value goes.
struct ZlibStream: ~Copyable {
    /// On the heap: zlib keeps a pointer to it, and refuses a stream that has moved.
    let state: UnsafeMutablePointer<z_stream>
    private let end: @convention(c) (UnsafeMutablePointer<z_stream>?) -> Int32
    private static let blockSize = 64 << 10

    /// `end` may be called on a stream that was never set up: zlib then does nothing.
    init(freedBy end: @escaping @convention(c) (UnsafeMutablePointer<z_stream>?) -> Int32) {
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
        self.end = end
    }

    deinit {
        _ = end(state)  // its status speaks of output not fetched, which is why one drops a stream
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// How many bytes of the last input are not used yet.
    var unread: Int { Int(state.pointee.avail_in) }

    /// Hands `input` to `call` with room for one block, and appends what comes out.
    func step(
        _ input: ArraySlice<UInt8>, onto output: inout [UInt8], _ call: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> Int32 {
        var status = Z_OK
        let block = [UInt8](unsafeUninitializedCapacity: Self.blockSize) { room, count in
            input.withUnsafeBufferPointer { bytes in
                // zlib does not write to its input; the type is from before `const`.
                state.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
                state.pointee.avail_in = UInt32(bytes.count)
                state.pointee.next_out = room.baseAddress
                state.pointee.avail_out = UInt32(room.count)
                status = call(state)
                state.pointee.next_in = nil
                state.pointee.next_out = nil
            }
            count = room.count - Int(state.pointee.avail_out)
        }
        output.append(contentsOf: block)
        return status
    }

    /// Throws when `status` is an error. Call it on the result itself: the words are those of the last call.
    func check(_ status: Int32) throws(GzipError) {
        switch status {
        case Z_OK, Z_STREAM_END: return
        case Z_MEM_ERROR: throw .outOfMemory
        default: throw .corrupt(detail: state.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
        }
    }
}
