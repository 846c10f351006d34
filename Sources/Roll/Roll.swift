@main
struct Roll {
    static func main() {}
}
