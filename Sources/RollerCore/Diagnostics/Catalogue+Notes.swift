extension CodeExplanation {
    static let unusedHostclass = CodeExplanation(
        .unusedHostclass, "a class that no host is of",
        why: "It may be new, or left over. Left over, it is read, released and kept in order for nobody.",
        fix: "Add a host, or remove hostclasses/CLASS.yml, its lock and files/CLASS.",
        "hostclasses/db.yml", "{}\n", mended: nil)

    static let unusedSetting = CodeExplanation(
        .unusedSetting, "a setting that no template and no service reads",
        why: "Whoever sets it changes nothing on any host.",
        fix: "Write {{name}} where it is meant to go, or remove it.",
        ExampleFile.hostclass, "settings: {workers: 4, wait: 10}\n", mended: "settings: {workers: 4}\n")

    static let unusedDatacenterSetting = CodeExplanation(
        .unusedDatacenterSetting, "a datacenter sets what no class declares",
        why: "No host gets it. Of a datacenter that is no error, since it serves all classes, but often it is a slip.",
        fix: "Correct the name, declare it in the classes that need it, or remove it.",
        ExampleFile.datacenter, "platform: debian-12-x86_64\nsettings: {wrokers: 8}\n",
        mended: "platform: debian-12-x86_64\nsettings: {workers: 8}\n")

    static let unusedReleases = CodeExplanation(
        .unusedReleases, "releases that no host is at",
        why: "Most of a long history is out of use, and some of it is what one may go back to. The rest can go.",
        fix: "Keep what you may go back to. `git push --delete origin TAG` removes one for all.",
        ExampleFile.hostclass, "settings: {workers: 4}\n", mended: "settings: {workers: 4}\n", tags: ["web@0"])

    static let emptyDatacenter = CodeExplanation(
        .emptyDatacenter, "a datacenter without hosts",
        why: "It may be new, or left over.",
        fix: "Add a host there, or remove the file.",
        "datacenters/ams1.yml", "platform: debian-12-x86_64\n", mended: nil)
}
