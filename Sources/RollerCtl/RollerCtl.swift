@main
struct RollerCtl {
    static func main() {}
}
