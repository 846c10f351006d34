#pragma once
#include <git2.h>

// git_libgit2_opts takes variable arguments, which Swift cannot call: one function here for each option we set.

/// Lets libgit2 open repositories with the extensions that git itself sets. Their values are judged elsewhere.
static inline int clibgit2_accept_known_extensions(void) {
    const char *names[] = {"worktreeconfig", "preciousobjects", "partialclone", "objectformat", "refstorage"};
    return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, sizeof names / sizeof names[0]);
}

/// Bounds the memory that libgit2 keeps for parsed objects, over all repositories of the process.
static inline int clibgit2_set_cache_max_size(ssize_t bytes) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}
