#define _GNU_SOURCE
#include "CLinux.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

const int linux_O_PATH = O_PATH;
const unsigned int linux_RENAME_NOREPLACE = RENAME_NOREPLACE;
const unsigned int linux_RENAME_EXCHANGE = RENAME_EXCHANGE;

_Static_assert(offsetof(struct linux_entry, inode) == offsetof(struct dirent64, d_ino), "layout of dirent64");
_Static_assert(offsetof(struct linux_entry, length) == offsetof(struct dirent64, d_reclen), "layout of dirent64");
_Static_assert(offsetof(struct linux_entry, kind) == offsetof(struct dirent64, d_type), "layout of dirent64");
_Static_assert(offsetof(struct linux_entry, name) == offsetof(struct dirent64, d_name), "layout of dirent64");

int linux_openat_beneath(int directory, const char *path, int flags, mode_t mode) {
    struct open_how how = {
        .flags = (uint64_t)(unsigned int)flags,
        .mode = mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
    };
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int linux_renameat2(int from, const char *name, int to, const char *other, unsigned int flags) {
    return renameat2(from, name, to, other, flags);
}

int linux_syncfs(int descriptor) { return syncfs(descriptor); }

int linux_fallocate(int descriptor, off_t offset, off_t length) { return fallocate(descriptor, 0, offset, length); }

ssize_t linux_copy_file_range(int from, int to, size_t length) {
    return copy_file_range(from, NULL, to, NULL, length, 0);
}

int linux_clone(int to, int from) { return ioctl(to, FICLONE, from); }

ssize_t linux_getdents(int directory, void *buffer, size_t size) { return getdents64(directory, buffer, size); }

const char *linux_entry_name(const struct linux_entry *entry) { return entry->name; }

int linux_overwrite_in_place(int descriptor) {
    int flags = 0;
    if (ioctl(descriptor, FS_IOC_GETFLAGS, &flags) == -1) return -1;
    flags |= FS_NOCOW_FL;
    return ioctl(descriptor, FS_IOC_SETFLAGS, &flags);
}

int linux_mount_status(int directory, const char *path, struct linux_mount_status *status) {
    struct statx found;
    int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (path[0] == '\0' ? AT_EMPTY_PATH : 0);
    if (statx(directory, path, flags, STATX_INO | STATX_MNT_ID, &found) == -1) return -1;
    status->device = makedev(found.stx_dev_major, found.stx_dev_minor);
    status->inode = found.stx_ino;
    status->has_mount_id = (found.stx_mask & STATX_MNT_ID) != 0;
    status->mount_id = found.stx_mnt_id;
    status->knows_root = (found.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0;
    status->is_root = (found.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
    return 0;
}

uint64_t linux_device(unsigned int major, unsigned int minor) { return makedev(major, minor); }

ssize_t linux_listxattr(const char *path, char *names, size_t size) { return listxattr(path, names, size); }
ssize_t linux_getxattr(const char *path, const char *name, void *value, size_t size) {
    return getxattr(path, name, value, size);
}
int linux_setxattr(const char *path, const char *name, const void *value, size_t size) {
    return setxattr(path, name, value, size, 0);
}
int linux_removexattr(const char *path, const char *name) { return removexattr(path, name); }
ssize_t linux_flistxattr(int descriptor, char *names, size_t size) { return flistxattr(descriptor, names, size); }
ssize_t linux_fgetxattr(int descriptor, const char *name, void *value, size_t size) {
    return fgetxattr(descriptor, name, value, size);
}
int linux_fsetxattr(int descriptor, const char *name, const void *value, size_t size) {
    return fsetxattr(descriptor, name, value, size, 0);
}

const char *linux_errno_name(int error) { return strerrorname_np(error); }

// Between fork and _exit only calls that signal-safety(7) allows: another thread may have held any lock at the fork.

static int write_whole(const char *path, const char *text) {
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor == -1) return errno;
    size_t length = strlen(text);
    ssize_t written = write(descriptor, text, length);  // these files take one write only
    int error = written == -1 ? errno : (size_t)written == length ? 0 : EIO;
    close(descriptor);
    return error;
}

int linux_enter_private_mounts(const char *uid_map, const char *gid_map, const char **step) {
    int error;
    *step = "unshare";
    if (unshare(CLONE_NEWNS | (uid_map ? CLONE_NEWUSER : 0)) == -1) return errno;
    if (uid_map) {
        // setgroups must be denied before an unprivileged process may map a group: user_namespaces(7).
        *step = "deny setgroups";
        if ((error = write_whole("/proc/self/setgroups", "deny"))) return error;
        *step = "map the user";
        if ((error = write_whole("/proc/self/uid_map", uid_map))) return error;
        *step = "map the group";
        if ((error = write_whole("/proc/self/gid_map", gid_map))) return error;
    }
    *step = "make mounts private";
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1) return errno;
    return 0;
}

int linux_probe_private_mounts(const char *uid_map, const char *gid_map) {
    pid_t child = fork();
    if (child == -1) return errno;
    if (child == 0) {
        const char *step;
        _exit(linux_enter_private_mounts(uid_map, gid_map, &step));
    }
    int status;
    while (waitpid(child, &status, 0) == -1)
        if (errno != EINTR) return errno;
    if (!WIFEXITED(status)) return ECANCELED;
    return WEXITSTATUS(status);
}

int linux_bind_mount(const char *source, const char *target) {
    return mount(source, target, NULL, MS_BIND | MS_REC, NULL);
}

int linux_usable_processors(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == -1) return -1;
    return CPU_COUNT(&set);
}
