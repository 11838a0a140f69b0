/* Makes writes and syncs of files below a directory fail, in a process that has this library preloaded.

   arm(directory, k, error, sticky): the k-th call from now on fails with this error, and all later ones if sticky. k = 0: none.
   calls(): how many calls there were since then. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char prefix[4096];
static long failing, count;
static int code, keeps;

void arm(const char *directory, long k, int error, int sticky) {
    strncpy(prefix, directory, sizeof prefix - 1);
    failing = k, code = error, keeps = sticky, count = 0;
}

long calls(void) { return count; }

static int fails(int file) {
    char link[64], path[4096];
    if (!prefix[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    if (strncmp(path, prefix, strlen(prefix))) return 0;
    long number = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
    if (!failing || !(number == failing || (keeps && number > failing))) return 0;
    errno = code;
    return 1;
}

#define REAL(name) static typeof(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)

ssize_t write(int file, const void *data, size_t size) { REAL(write); return fails(file) ? -1 : real(file, data, size); }
ssize_t pwrite(int file, const void *data, size_t size, off_t at) { REAL(pwrite); return fails(file) ? -1 : real(file, data, size, at); }
ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) { REAL(pwrite64); return fails(file) ? -1 : real(file, data, size, at); }
int fsync(int file) { REAL(fsync); return fails(file) ? -1 : real(file); }
int fdatasync(int file) { REAL(fdatasync); return fails(file) ? -1 : real(file); }
