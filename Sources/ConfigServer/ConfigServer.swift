@main
struct ConfigServer {
    static func main() {}
}
