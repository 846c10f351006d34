/// What a program may do beyond its user, as the kernel keeps it with the file: `struct vfs_cap_data` of
/// linux/capability.h, revision 2.
public struct FileCapabilities: Hashable, Sendable, CustomStringConvertible {
    /// The capabilities that the program may have, a bit each.
    public let permitted: UInt64
    /// Those that it inherits where whoever starts it has them too.
    public let inheritable: UInt64
    /// Whether it has them from its first instruction on, without asking.
    public let isEffective: Bool

    /// Reads the value of `security.capability`. Nil for anything that is not of revision 2: revision 3 names the root of a
    /// user namespace, which another machine does not have.
    public init?(_ value: [UInt8]) {
        guard value.count == 20 else { return nil }
        let words = stride(from: 0, to: 20, by: 4).map { start in
            value[start..<(start + 4)].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        guard words[0] & ~1 == 0x0200_0000 else { return nil }
        isEffective = words[0] & 1 == 1
        permitted = UInt64(words[3]) << 32 | UInt64(words[1])
        inheritable = UInt64(words[4]) << 32 | UInt64(words[2])
    }

    /// As getcap(8) writes it: `cap_net_raw=ep`.
    public var description: String {
        let effective = isEffective ? "e" : ""
        let groups: [(UInt64, String)] = [
            (permitted & inheritable, effective + "ip"), (permitted & ~inheritable, effective + "p"),
            (inheritable & ~permitted, effective + "i"),
        ]
        return groups.compactMap { bits, flags in bits == 0 ? nil : Self.names(bits) + "=" + flags }
            .joined(separator: " ")
    }

    private static func names(_ bits: UInt64) -> String {
        (0..<64).filter { bits >> UInt64($0) & 1 == 1 }.map {
            "cap_" + (known.indices.contains($0) ? known[$0] : "\($0)")
        }
        .joined(separator: ",")
    }

    /// By number, from linux/capability.h.
    private static let known = """
        chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service \
        net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct \
        sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap \
        mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore
        """.split(separator: " ").map(String.init)
}
