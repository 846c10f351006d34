import LinuxSystem
import RollerCore
import SystemPackage

/// Makes one generation or another the live one, by one exchange.
struct TreeSwitch {
    let home: RollerHome

    /// The tree at the prefix is `generation` when this returns. It already is: nothing moves.
    func makeLive(_ generation: Generation) throws(FileError) {
        guard try home.liveGeneration() != generation else { return try nameByGeneration() }
        let name = try storedName(of: generation)
        try home.parent.exchange(home.name, with: name, in: home.generations)
        // The tree that was live stands under the name of the one that took its place.
        try rename(name, to: try home.generation(of: name, in: home.generations))
    }

    /// The name that a stored tree has: its generation's, but for what an interrupted exchange left behind.
    private func storedName(of generation: Generation) throws(FileError) -> String {
        let name = "\(generation)"
        if try home.generations.status(of: name) != nil,
            try home.generation(of: name, in: home.generations) == generation
        {
            return name
        }
        guard let stored = try home.storedGenerations().first(where: { $0.generation == generation }) else {
            throw FileError("find", home.generations.path.appending(name).string, .noSuchFileOrDirectory)
        }
        return stored.name
    }

    /// Gives every stored tree the name of its generation.
    func nameByGeneration() throws(FileError) {
        for (name, generation) in try home.storedGenerations() { try rename(name, to: generation) }
    }

    private func rename(_ name: String, to generation: Generation) throws(FileError) {
        guard name != "\(generation)" else { return }
        try home.generations.rename(name, to: "\(generation)", in: home.generations, replacing: false)
    }

    /// Waits until an exchange is on disk.
    func sync() throws(FileError) {
        try home.parent.sync()
    }
}
