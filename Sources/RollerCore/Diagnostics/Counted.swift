/// "1 host", "2 hosts".
public func counted(_ number: Int, _ noun: String) -> String {
    guard number != 1 else { return "1 \(noun)" }
    return "\(number) \(noun.hasSuffix("y") ? noun.dropLast() + "ies" : noun + "s")"
}
