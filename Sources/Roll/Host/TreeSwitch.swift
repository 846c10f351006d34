import LinuxSystem
import RollerCore

/// Makes one generation or another the live one, by one exchange.
struct TreeSwitch {
    let home: RollerHome

    /// The tree at the prefix is `generation` when this returns. It already is: nothing happens.
    func makeLive(_ generation: Generation) throws(FileError) {
        if try home.liveGeneration() != generation {
            guard let stored = try home.storedGenerations().first(where: { $0.generation == generation }) else {
                throw FileError(
                    "find", home.generations.path.appending("\(generation)").string, .noSuchFileOrDirectory)
            }
            try home.parent.exchange(home.name, with: stored.name, in: home.generations)
        }
        try nameByGeneration()
    }

    /// Gives every stored tree the name of its generation. After an exchange the tree that was live stands under the name
    /// of the one that took its place.
    func nameByGeneration() throws(FileError) {
        for (name, generation) in try home.storedGenerations() where name != "\(generation)" {
            try home.generations.rename(name, to: "\(generation)", in: home.generations, replacing: false)
        }
    }

    /// Waits until an exchange is on disk.
    func sync() throws(FileError) {
        try home.parent.sync()
    }
}
