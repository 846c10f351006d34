// A herd of agents for Scripts/bench/herd: each host a TCP connection of its own that asks for its bundle and goes.
// It honours 429 and 503 with their Retry-After; a connection that is refused or cut is tried again after a second, and
// counted.
//   herd PORT HOSTS-FILE SPREAD-SECONDS LIMIT-SECONDS
// Prints: served, 304s among them, tries refused with 429 or 503, errors by kind, p50, p99 and maximum of the milliseconds
// from a host's first try to its answer, and the seconds until all were served.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct host {
    char *name;
    double first, due, done;  // seconds: the first try, the next try, the answer
    int socket, got;
    char head[4096];
    long left;  // bytes of the body still to come; -1 while the head comes
};

static struct host *hosts;
static size_t count;
static size_t served;
static int epoll, refused, not_refused_right, connect_errors, cut, other;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void leave(struct host *h, double again) {
    close(h->socket);
    h->socket = -1;
    h->due = again;
}

static void begin(struct host *h, int port, double t) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (h->first == 0) h->first = t;
    h->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (h->socket < 0) { perror("socket"); exit(2); }
    h->got = 0, h->left = -1, h->due = 1e18;
    if (connect(h->socket, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
        connect_errors++;
        leave(h, t + 1);
        return;
    }
    struct epoll_event wanted = {.events = EPOLLOUT, .data.ptr = h};
    epoll_ctl(epoll, EPOLL_CTL_ADD, h->socket, &wanted);
}

static void ask(struct host *h, double t) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(h->socket, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) { connect_errors++; leave(h, t + 1); return; }
    char text[512];
    int length = snprintf(text, sizeof text,
        "GET /v1/hosts/%s/bundle HTTP/1.1\r\nHost: config.example.com\r\nUser-Agent: roll/1.0\r\nAccept: application/json\r\n\r\n", h->name);
    if (send(h->socket, text, length, MSG_NOSIGNAL) != length) { cut++; leave(h, t + 1); return; }
    struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = h};
    epoll_ctl(epoll, EPOLL_CTL_MOD, h->socket, &wanted);
}

static void finish(struct host *h, double t) {
    int status = atoi(h->head + 9);
    if (status == 200 || status == 304) {
        served++;
        h->done = t;
        leave(h, 1e18);
        return;
    }
    char *after = strcasestr(h->head, "\r\nRetry-After: ");
    if (status == 429 || status == 503) {
        refused++;
        if (!after) not_refused_right++;
        // Half a second of jitter, as agents add it.
        leave(h, t + (after ? atoi(after + 15) : 1) + (random() % 500) / 1000.0);
        return;
    }
    if (other++ == 0) fprintf(stderr, "%s: %.200s\n", h->name, h->head);
    leave(h, t + 1);
}

static void receive(struct host *h, double t) {
    char bytes[65536];
    while (1) {
        ssize_t found = recv(h->socket, bytes, sizeof bytes, 0);
        if (found < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (found <= 0) { cut++; leave(h, t + 1); return; }
        if (h->left < 0) {
            int room = sizeof h->head - 1 - h->got, taken = found < room ? found : room;
            memcpy(h->head + h->got, bytes, taken);
            h->got += taken;
            h->head[h->got] = 0;
            char *end = strstr(h->head, "\r\n\r\n");
            if (!end) { if (room == taken) { cut++; leave(h, t + 1); return; } continue; }
            char *length = strcasestr(h->head, "\r\nContent-Length: ");
            h->left = (length && length < end ? atol(length + 18) : 0) - (h->got - (end + 4 - h->head)) - (found - taken);
        } else h->left -= found;
        if (h->left <= 0) { finish(h, t); return; }
    }
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    int port = atoi(argv[1]);
    double spread = atof(argv[3]), limit = atof(argv[4]);
    struct rlimit files = {1 << 16, 1 << 16};
    if (setrlimit(RLIMIT_NOFILE, &files) != 0) { getrlimit(RLIMIT_NOFILE, &files); files.rlim_cur = files.rlim_max; setrlimit(RLIMIT_NOFILE, &files); }
    FILE *list = fopen(argv[2], "r");
    char line[300];
    while (list && fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = 0;
        if (count % 1024 == 0) hosts = realloc(hosts, (count + 1024) * sizeof *hosts);
        hosts[count++] = (struct host){.name = strdup(line), .socket = -1};
    }
    if (count == 0) return 2;
    epoll = epoll_create1(EPOLL_CLOEXEC);
    double start = now();
    for (size_t i = 0; i < count; i++) hosts[i].due = start + spread * (double)i / (double)count;
    struct epoll_event events[512];
    double end = start;
    while (served < count) {
        double t = now();
        if (t - start > limit) break;
        int begun = 0;
        for (size_t i = 0; i < count && begun < 256; i++)
            if (hosts[i].due <= t) { begin(&hosts[i], port, t); begun++; }
        int ready = epoll_wait(epoll, events, 512, begun ? 0 : 2);
        t = now();
        for (int i = 0; i < ready; i++) {
            struct host *h = events[i].data.ptr;
            if (h->socket < 0) continue;
            if (events[i].events & EPOLLOUT) ask(h, t); else receive(h, t);
        }
        end = t;
    }
    double *took = calloc(count, sizeof *took);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) if (hosts[i].done) took[n++] = (hosts[i].done - hosts[i].first) * 1000;
    qsort(took, n, sizeof *took, by_value);
    printf("served %zu of %zu; refused for the moment %d (without Retry-After %d); errors: connect %d, cut %d, other %d; p50 %.1f ms, p99 %.1f ms, max %.1f ms; all after %.1f s\n",
        served, count, refused, not_refused_right, connect_errors, cut, other, n ? took[n / 2] : 0, n ? took[n * 99 / 100] : 0, n ? took[n - 1] : 0, end - start);
    return served == count && !not_refused_right && !connect_errors && !cut && !other ? 0 : 1;
}
