internal import RollerCore

extension MetricsText {
    /// What was asked, and how it was answered.
    mutating func add(requests: RequestMetrics, _ admission: Admission) {
        add(
            "roller_http_requests_total", .counter, "Requests answered, by route, method and status.",
            requests.lines.map {
                Sample(
                    labels: [("route", $0.route), ("method", $0.method.rawValue), ("status", "\($0.status)")],
                    value: Double($0.count))
            })
        add(
            "roller_http_request_duration_seconds", "From a request's head to the head of its answer, by route.",
            by: "route", requests.durations)
        add(
            "roller_http_requests_in_flight", .gauge, "Requests being answered.", Double(admission.requestsInFlight))
        add("roller_http_connections", .gauge, "Open connections.", Double(admission.connections))
        add("roller_http_sent_bytes_total", .counter, "Bytes of HTTP sent.", Double(requests.bytes.sent))
        add("roller_http_received_bytes_total", .counter, "Bytes of HTTP received.", Double(requests.bytes.received))
    }

    /// What the repository came to, beside what is served of it.
    mutating func add(repository standing: Standing) {
        add(
            "roller_snapshot_refusals_total", .counter, "Commits refused, again where the reason changed.",
            Double(standing.refusals))
        add(
            "roller_release_tags_moved", .gauge, "Releases that are not where they were first seen.",
            Double(standing.movedTags.count))
        if let rewritten = standing.rewritten {
            add(
                "roller_branch_rewritten_timestamp_seconds", .gauge,
                "When the branch last went elsewhere than forward.", Double(rewritten.noticed.seconds))
        }
        guard let upstream = standing.upstream else { return }
        add(
            "roller_upstream_fetch_failing", .gauge, "Whether the last fetch failed.", upstream.failure == nil ? 0 : 1)
        add(
            "roller_upstream_fetch_failures_total", .counter, "Fetches that failed.", Double(upstream.failures))
        if let fetched = upstream.fetched {
            let age = Int((ContinuousClock.now - fetched) / .seconds(1))
            add(
                "roller_upstream_last_fetch_timestamp_seconds", .gauge, "When a fetch last succeeded.",
                Double(UTCTime.now.seconds - age))
        }
    }

    /// What hosts said, and how they are doing.
    mutating func add(fleet: Fleet) {
        let receipts = fleet.receipts.figures
        add("roller_receipts_taken_total", .counter, "Receipts taken.", Double(receipts.taken))
        add("roller_receipts_hosts", .gauge, "Hosts that ever handed in a receipt.", Double(receipts.hosts))
        if let newest = receipts.newest {
            add(
                "roller_receipts_newest_timestamp_seconds", .gauge, "When the newest receipt came.", Double(newest))
        }
        guard let buckets = fleet.buckets else { return }
        add(
            "roller_fleet_hosts", .gauge, "Hosts of the commit that is served, by how they are doing.",
            buckets.inOrder.map { Sample(labels: [("bucket", $0.bucket.rawValue)], value: Double($0.hosts)) })
    }

    /// What is served.
    mutating func add(standing: Standing) {
        add(
            "roller_snapshot_ready", .gauge, "Whether the newest commit is the one served.", standing.isReady ? 1 : 0)
        if let refusal = standing.refusal {
            add(
                "roller_snapshot_refused", .gauge, "Why the newest commit is not the one served.",
                [Sample(labels: [("kind", refusal.kind)], value: 1)])
        }
        if let bucket = standing.bucket {
            add(
                "roller_bucket_reachable", .gauge, "Whether the last look into the bucket succeeded.",
                bucket.failure == nil && bucket.seen != nil ? 1 : 0)
            add("roller_bucket_failures_total", .counter, "Looks that failed.", Double(bucket.failures))
            if let age = bucket.age {
                add("roller_bucket_age_seconds", .gauge, "Since the last look that succeeded.", Double(age))
            }
        }
        guard let served = standing.served else { return }
        add(
            "roller_snapshot_info", .gauge, "The commit that is served.",
            [Sample(labels: [("revision", served.revision.rawValue)], value: 1)])
        add(
            "roller_snapshot_age_seconds", .gauge, "Since the commit served was last seen to be the newest.",
            Double(standing.age(at: .now)))
        add(
            "roller_snapshot_build_seconds", .gauge, "How long the snapshot served took to make.",
            standing.buildTime / .seconds(1))
        add(
            "roller_snapshot_hosts", .gauge, "Hosts in the commit that is served.",
            Double(served.snapshot.repo.hosts.count))
    }

    /// What the store holds.
    mutating func add(store: StoreFigures.Count) {
        add("roller_store_packages", .gauge, "Builds of packages in the store.", Double(store.packages))
        add("roller_store_size_bytes", .gauge, "What archives and manifests in the store take.", Double(store.bytes))
        add("roller_store_pending_uploads", .gauge, "Uploads on their way in.", Double(store.pending))
        add("roller_store_free_bytes", .gauge, "Room left on the file system of the store.", Double(store.free))
    }

    /// What the kernel says of the process, by the names that Prometheus's own clients use.
    mutating func add(process: ProcessFigures) {
        add("process_cpu_seconds_total", .counter, "Time on processors.", process.processorSeconds)
        add("process_resident_memory_bytes", .gauge, "Resident memory.", Double(process.residentBytes))
        add("process_threads", .gauge, "Threads.", Double(process.threads))
        add("process_start_time_seconds", .gauge, "When the process began, since 1970.", process.started)
        add("process_open_fds", .gauge, "Open file descriptors.", Double(process.openDescriptors))
        add("process_max_fds", .gauge, "As many file descriptors as may be open.", Double(process.maximumDescriptors))
    }
}
