import LinuxSystem
import SystemPackage
import Testing

/// A config server killed while receipts come in.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ReceiptKillTests {
    /// Starts the server, has hosts hand in receipts as fast as they can, kills it, and again; each receipt that was
    /// confirmed goes to a list.
    private static let script = """
        set -u
        start() {
            rm -f port2
            roller-config-server --repository config.git --store store --tokens tokens --receipts kept \
                --listen 127.0.0.1:0 --port-file port2 2>>server2.log >/dev/null &
            server=$!
            until [ -s port2 ]; do kill -0 $server || exit 9; sleep 0.01; done
            url=http://127.0.0.1:$(cat port2)
        }
        post() {
            n=0
            while :; do
                id=r$1-$n
                printf '{"format":1,"id":"%s","host":"%s","exit":0,"changed":false,"started":%d,"milliseconds":5,"services":[],"steps":[]}' \
                    $id $2 $1 |
                    curl -fs -o /dev/null -H "Authorization: Bearer $(cat receipts-token)" --data-binary @- \
                        $url/v1/receipts || break
                echo $id >>$2.confirmed
                n=$((n + 1))
            done
        }
        for round in $(seq $ROUNDS); do
            start
            post $round $ONE & one=$!
            post $round $TWO & two=$!
            sleep 0.$(( (round * 37) % 200 + 100 ))
            kill -9 $server
            wait $server $one $two 2>/dev/null
        done
        start
        for host in $ONE $TWO; do
            curl -fsS "$url/v1/hosts/$host/history?format=json&limit=1000" |
                jq -r '.[].receipt.id' | tac >$host.served
        done
        kill $server
        wait $server
        find kept -name '.tmp-*' ; find kept/_damaged -type f
        """

    @Test func whatWasConfirmedIsServedAfterEveryKill() async throws {
        try await withWorld { world in
            let others = try Directory.open(world.repository.appending("hosts")).entries().map(\.name)
            let names = others.filter { $0.hasSuffix(".yml") }.sorted().prefix(2).map { String($0.dropLast(4)) }
            let rounds = "10"
            let result = try await run(
                "sh", ["-c", Self.script], in: world.root,
                environment: ["ROUNDS": rounds, "ONE": names[0], "TWO": names[1]])
            #expect(result.code == 0, "\(result)")
            #expect(result.output.isEmpty, "nothing damaged, nothing half written: \(result)")
            for name in names {
                let confirmed = try world.read(world.root.appending("\(name).confirmed")).split(separator: "\n")
                let served = try world.read(world.root.appending("\(name).served")).split(separator: "\n")
                #expect(confirmed.count >= 10, "\(confirmed.count) were confirmed")
                // A receipt may have been kept whose confirmation the kill cut off; none that was confirmed is missing.
                #expect(served.count <= 50)
                let known = Set(confirmed)
                let both = served.filter(known.contains)
                #expect(both.count >= min(30, confirmed.count), "of \(name)")
                #expect(both == confirmed.suffix(both.count), "in their order, without a gap")
            }
        }
    }
}
