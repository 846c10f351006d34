#pragma once

// System calls and constants that the Glibc module does not export. All of them want _GNU_SOURCE, which a header that
// Swift imports cannot ask for, so they stand out of line in linux.c.
//
// Unless said otherwise a call returns what the system call returns: -1 and errno on failure.

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

extern const int linux_O_PATH;
extern const unsigned int linux_RENAME_NOREPLACE;
extern const unsigned int linux_RENAME_EXCHANGE;

/// openat2 with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS. ENOSYS before Linux 5.6; EPERM under some seccomp filters.
int linux_openat_beneath(int directory, const char *path, int flags, mode_t mode);
int linux_renameat2(int from, const char *name, int to, const char *other, unsigned int flags);
int linux_syncfs(int descriptor);
int linux_fallocate(int descriptor, off_t offset, off_t length);
ssize_t linux_copy_file_range(int from, int to, size_t length);
/// Makes a file share all blocks of another (FICLONE).
int linux_clone(int to, int from);

/// Fills `buffer` with directory entries; the bytes filled, 0 at the end.
ssize_t linux_getdents(int directory, void *buffer, size_t size);

/// The layout that linux_getdents fills in, stable by the kernel's promise.
struct linux_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t kind;
    char name[];
};
/// The name of an entry, terminated by a zero byte.
const char *linux_entry_name(const struct linux_entry *entry);

/// Marks a new, empty file as overwritten in place (btrfs: no copy on write). ENOTTY, EOPNOTSUPP where that means nothing.
int linux_overwrite_in_place(int descriptor);

struct linux_mount_status {
    uint64_t device;  // as st_dev
    uint64_t inode;
    uint64_t mount_id;
    int has_mount_id;
    int is_root;      // 1 when the path is the root of a mount
    int knows_root;   // 0 when the kernel cannot tell (before 5.8)
};
/// statx of `path` (or of `directory` itself when `path` is empty), last component not followed.
int linux_mount_status(int directory, const char *path, struct linux_mount_status *status);

/// makedev, which is a macro.
uint64_t linux_device(unsigned int major, unsigned int minor);

ssize_t linux_listxattr(const char *path, char *names, size_t size);
ssize_t linux_getxattr(const char *path, const char *name, void *value, size_t size);
int linux_setxattr(const char *path, const char *name, const void *value, size_t size);
int linux_removexattr(const char *path, const char *name);
ssize_t linux_flistxattr(int descriptor, char *names, size_t size);
ssize_t linux_fgetxattr(int descriptor, const char *name, void *value, size_t size);
int linux_fsetxattr(int descriptor, const char *name, const void *value, size_t size);

/// The name of an error number, such as "EMLINK", or NULL.
const char *linux_errno_name(int error);

/// How many processors the calling thread may run on (sched_getaffinity), or -1 with errno.
int linux_usable_processors(void);

/// Enters a mount namespace whose mounts are private. With `uid_map` and `gid_map` (lines as of user_namespaces(7)) a new
/// user namespace comes first. Returns 0, or the errno of the step that `step` then names.
int linux_enter_private_mounts(const char *uid_map, const char *gid_map, const char **step);
/// The same in a forked child, which then ends. Returns 0 or an errno.
int linux_probe_private_mounts(const char *uid_map, const char *gid_map);
int linux_bind_mount(const char *source, const char *target);
