// What the machine itself needs, for comparing. Built and run by the scripts beside it.
//   floor time N COMMAND...     spawns the command N times; prints "minimum median" in milliseconds
//   floor link SOURCE TARGET    mirrors SOURCE as TARGET with bare mkdirat and linkat, then one syncfs; prints
//                               "files directories link-milliseconds sync-milliseconds"
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void fail(const char *what) {
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int time_command(int count, char **command) {
    double *taken = calloc(count, sizeof *taken);
    for (int i = 0; i < count; i++) {
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
        pid_t pid;
        double start = now();
        if ((errno = posix_spawnp(&pid, command[0], &actions, NULL, command, environ))) fail(command[0]);
        int status;
        if (waitpid(pid, &status, 0) < 0) fail("wait");
        taken[i] = now() - start;
        if (status) { fprintf(stderr, "floor: %s ended with status %d\n", command[0], status); return 1; }
    }
    qsort(taken, count, sizeof *taken, compare);
    printf("%.2f %.2f\n", taken[0], taken[count / 2]);
    return 0;
}

static long files, directories;

static void mirror(int source, int target) {
    DIR *list = fdopendir(source);
    if (!list) fail("fdopendir");
    struct dirent *entry;
    while ((entry = readdir(list))) {
        const char *name = entry->d_name;
        if (!strcmp(name, ".") || !strcmp(name, "..")) continue;
        if (entry->d_type == DT_DIR) {
            if (mkdirat(target, name, 0755)) fail(name);
            int in = openat(source, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            int out = openat(target, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (in < 0 || out < 0) fail(name);
            directories++;
            mirror(in, out);
            close(out);
        } else {
            if (linkat(source, name, target, name, 0)) fail(name);
            files++;
        }
    }
    closedir(list);
}

int main(int count, char **words) {
    if (count >= 4 && !strcmp(words[1], "time")) return time_command(atoi(words[2]), words + 3);
    if (count == 4 && !strcmp(words[1], "link")) {
        int source = open(words[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (source < 0) fail(words[2]);
        if (mkdir(words[3], 0755)) fail(words[3]);
        int target = open(words[3], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (target < 0) fail(words[3]);
        double start = now();
        mirror(source, target);
        double linked = now();
        if (syncfs(target)) fail("syncfs");
        printf("%ld %ld %.1f %.1f\n", files, directories, linked - start, now() - linked);
        return 0;
    }
    fprintf(stderr, "usage: floor time N COMMAND... | floor link SOURCE TARGET\n");
    return 2;
}
