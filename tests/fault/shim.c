/* Stands between a program and the system (LD_PRELOAD): counts every call that changes or syncs a file under one
   folder, and records it, kills the program before it or in the middle of it, lets it fail, or lets it take long.

   FAULT_FOLDER   absolute; nothing outside is counted or touched
   FAULT_LOG      records every call that succeeded, with its data, into this file (see shim.py for the layout)
   FAULT_ACK      the number of a descriptor: what is written to it is recorded too, as what the program said
   FAULT_DO       kill, half, short, errno, full (the first write half, then errno) or delay; empty: only count
   FAULT_CALLS    which calls count: all, write, sync
   FAULT_AT       the number of the first call that it happens to, from 1
   FAULT_TIMES    how many calls it happens to; 0: all that follow
   FAULT_ERRNO    the number of the error
   FAULT_DELAY_US how long a delayed call takes more

   `shim_arm` reads these anew and counts from zero, `shim_count` tells how many calls were counted. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { DESCRIPTORS = 4096, LONGEST = 4096 };
enum call { OTHER = 1, WRITE = 2, SYNC = 4 };
enum deed { NOTHING, KILL, HALF, SHORT, FAIL, FULL, DELAY };

static pthread_mutex_t door = PTHREAD_MUTEX_INITIALIZER;
static char folder[LONGEST];
static size_t folder_length;
static char *paths[DESCRIPTORS];
static int log_descriptor = -1, ack_descriptor = -1, error_number;
static enum deed deed;
static unsigned counted_calls;
static long first, times, count, delay_us;

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

static int is(const char *a, const char *b) { return strcmp(a, b) == 0; }

__attribute__((visibility("default"))) long shim_count(void) { return count; }

__attribute__((visibility("default"))) void shim_arm(void) {
    pthread_mutex_lock(&door);
    const char *what = setting("FAULT_DO"), *calls = setting("FAULT_CALLS");
    strncpy(folder, setting("FAULT_FOLDER"), sizeof folder - 1);
    folder_length = strlen(folder);
    deed = is(what, "kill") ? KILL : is(what, "half") ? HALF : is(what, "short") ? SHORT : is(what, "errno") ? FAIL
         : is(what, "full") ? FULL : is(what, "delay") ? DELAY : NOTHING;
    counted_calls = is(calls, "write") ? WRITE : is(calls, "sync") ? SYNC : OTHER | WRITE | SYNC;
    first = atol(setting("FAULT_AT"));
    times = atol(setting("FAULT_TIMES"));
    error_number = atoi(setting("FAULT_ERRNO"));
    delay_us = atol(setting("FAULT_DELAY_US"));
    ack_descriptor = *setting("FAULT_ACK") ? atoi(setting("FAULT_ACK")) : -1;
    if (log_descriptor >= 0) syscall(SYS_close, log_descriptor);
    log_descriptor = -1;
    if (*setting("FAULT_LOG"))
        log_descriptor = (int)syscall(SYS_openat, AT_FDCWD, setting("FAULT_LOG"),
                                      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    count = 0;
    pthread_mutex_unlock(&door);
}

__attribute__((constructor)) static void begin(void) { shim_arm(); }

/* ------------------------------------------------------------------------------------------------ the record */

static void put(const void *data, size_t length) {
    const char *next = data;
    while (length > 0) {
        ssize_t done = syscall(SYS_write, log_descriptor, next, length);
        if (done <= 0) syscall(SYS_exit_group, 97); /* a record with a hole would prove nothing */
        next += done;
        length -= (size_t)done;
    }
}

static void note(char kind, int descriptor, int64_t offset, const void *a, size_t a_length, const void *b,
                 size_t b_length) {
    if (log_descriptor < 0) return;
    struct __attribute__((packed)) {
        char kind;
        int32_t descriptor;
        int64_t offset;
        uint32_t a_length, b_length;
    } head = {kind, descriptor, offset, (uint32_t)a_length, (uint32_t)b_length};
    put(&head, sizeof head);
    put(a, a_length);
    put(b, b_length);
}

static void note_path(char kind, int descriptor, int64_t offset, const char *path) {
    note(kind, descriptor, offset, path, strlen(path), "", 0);
}

/* --------------------------------------------------------------------------------------------- what is ours */

static int whole_path(int at, const char *path, char *whole) {
    if (!folder_length || !path) return 0;
    if (path[0] == '/') {
        if (strlen(path) >= LONGEST) return 0;
        strcpy(whole, path);
    } else {
        const char *above = at >= 0 && at < DESCRIPTORS ? paths[at] : NULL;
        if (at == AT_FDCWD || !above || strlen(above) + strlen(path) + 2 > LONGEST) return 0;
        strcpy(whole, above);
        strcat(whole, "/");
        strcat(whole, path);
    }
    return strncmp(whole, folder, folder_length) == 0 && (whole[folder_length] == '/' || !whole[folder_length]);
}

static int is_ours(int descriptor) { return descriptor >= 0 && descriptor < DESCRIPTORS && paths[descriptor]; }

/* Counts a call and returns what is to happen to it. */
static enum deed turn(enum call call) {
    if (!(call & counted_calls)) return NOTHING;
    count++;
    if (deed == NOTHING || count < first || (times && count >= first + times)) return NOTHING;
    if (deed == KILL) kill((pid_t)syscall(SYS_getpid), SIGKILL);
    if (deed == DELAY) {
        struct timespec wait = {delay_us / 1000000, delay_us % 1000000 * 1000};
        nanosleep(&wait, NULL);
        return NOTHING;
    }
    return deed;
}


/* ---------------------------------------------------------------------------------------------------- writing */

static ssize_t written(int descriptor, const void *data, size_t length, int64_t offset) {
    enum deed now = turn(WRITE);
    size_t part = now == HALF || now == SHORT ? length / 2 : length;
    if (now == FAIL) {
        errno = error_number;
        return -1;
    }
    if (now == SHORT && part == 0) part = length;
    if (offset < 0) {
        struct stat state;
        int flags = fcntl(descriptor, F_GETFL);
        offset = flags & O_APPEND && fstat(descriptor, &state) == 0 ? state.st_size : lseek(descriptor, 0, SEEK_CUR);
    }
    ssize_t done = syscall(SYS_pwrite64, descriptor, data, part, offset);
    if (now == HALF) kill((pid_t)syscall(SYS_getpid), SIGKILL);
    if (done >= 0) note('W', descriptor, offset, data, (size_t)done, "", 0);
    return done;
}

ssize_t write(int descriptor, const void *data, size_t length) {
    if (descriptor == ack_descriptor) {
        pthread_mutex_lock(&door);
        note('A', descriptor, 0, data, length, "", 0);
        pthread_mutex_unlock(&door);
    }
    if (!is_ours(descriptor)) return syscall(SYS_write, descriptor, data, length);
    pthread_mutex_lock(&door);
    ssize_t done = written(descriptor, data, length, -1);
    if (done > 0 && !(fcntl(descriptor, F_GETFL) & O_APPEND)) lseek(descriptor, done, SEEK_CUR);
    pthread_mutex_unlock(&door);
    return done;
}

ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t offset) {
    if (!is_ours(descriptor)) return syscall(SYS_pwrite64, descriptor, data, length, offset);
    pthread_mutex_lock(&door);
    ssize_t done = written(descriptor, data, length, offset);
    pthread_mutex_unlock(&door);
    return done;
}

ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) {
    return pwrite64(descriptor, data, length, offset);
}

/* Does *code* as one counted call, unless it is its turn to fail. */
#define AS_ONE_CALL(call, code)                                                                                        \
    pthread_mutex_lock(&door);                                                                                         \
    int done = -1;                                                                                                     \
    enum deed now = turn(call);                                                                                        \
    if (now == HALF) kill((pid_t)syscall(SYS_getpid), SIGKILL);                                                        \
    if (now == FAIL) errno = error_number;                                                                             \
    else { code }                                                                                                      \
    pthread_mutex_unlock(&door);

int ftruncate64(int descriptor, off64_t length) {
    if (!is_ours(descriptor)) return (int)syscall(SYS_ftruncate, descriptor, length);
    AS_ONE_CALL(OTHER, {
        done = (int)syscall(SYS_ftruncate, descriptor, length);
        if (done == 0) note('T', descriptor, length, "", 0, "", 0);
    })
    return done;
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

static int synced(int descriptor, long number) {
    if (!is_ours(descriptor)) return (int)syscall(number, descriptor);
    AS_ONE_CALL(SYNC, {
        done = (int)syscall(number, descriptor);
        if (done == 0) note('S', descriptor, 0, "", 0, "", 0);
    })
    if (now == FAIL) note('F', descriptor, 0, "", 0, "", 0);
    return done;
}

int fsync(int descriptor) { return synced(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return synced(descriptor, SYS_fdatasync); }

/* ------------------------------------------------------------------------------------------- names and handles */

static int opened(int at, const char *path, int flags, mode_t mode) {
    char whole[LONGEST];
    if (!whole_path(at, path, whole)) return (int)syscall(SYS_openat, at, path, flags, mode);
    int done = -1;
    pthread_mutex_lock(&door);
    enum deed now = flags & (O_CREAT | O_TRUNC) ? turn(OTHER) : NOTHING;
    if (now == HALF) kill((pid_t)syscall(SYS_getpid), SIGKILL);
    if (now == FAIL) errno = error_number;
    else done = (int)syscall(SYS_openat, at, path, flags, mode);
    if (done >= 0 && done < DESCRIPTORS) {
        free(paths[done]);
        paths[done] = strdup(whole);
        note_path('O', done, flags, whole);
    }
    pthread_mutex_unlock(&door);
    return done;
}

#define MODE_OF(flags)                                                                                                 \
    mode_t mode = 0;                                                                                                   \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                                             \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        mode = (mode_t)va_arg(more, int);                                                                              \
        va_end(more);                                                                                                  \
    }

int open(const char *path, int flags, ...) { MODE_OF(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return opened(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE_OF(flags) return opened(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE_OF(flags) return opened(at, path, flags, mode); }
int __open_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __openat_2(int at, const char *path, int flags) { return opened(at, path, flags, 0); }
int __openat64_2(int at, const char *path, int flags) { return opened(at, path, flags, 0); }

int close(int descriptor) {
    if (!is_ours(descriptor)) return (int)syscall(SYS_close, descriptor);
    pthread_mutex_lock(&door);
    free(paths[descriptor]);
    paths[descriptor] = NULL;
    note('C', descriptor, 0, "", 0, "", 0);
    int done = (int)syscall(SYS_close, descriptor);
    pthread_mutex_unlock(&door);
    return done;
}

static int renamed(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    char whole_from[LONGEST], whole_to[LONGEST];
    int is_from = whole_path(from_at, from, whole_from), is_to = whole_path(to_at, to, whole_to);
    if (!is_from && !is_to) return (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
    AS_ONE_CALL(OTHER, {
        done = (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
        if (done == 0) note('R', -1, 0, whole_from, strlen(whole_from), whole_to, strlen(whole_to));
    })
    return done;
}

int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_at, const char *from, int to_at, const char *to) { return renamed(from_at, from, to_at, to, 0); }
int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    return renamed(from_at, from, to_at, to, flags);
}

static int unlinked(int at, const char *path, int flags) {
    char whole[LONGEST];
    if (!whole_path(at, path, whole)) return (int)syscall(SYS_unlinkat, at, path, flags);
    AS_ONE_CALL(OTHER, {
        done = (int)syscall(SYS_unlinkat, at, path, flags);
        if (done == 0) note_path('U', -1, flags, whole);
    })
    return done;
}

int unlink(const char *path) { return unlinked(AT_FDCWD, path, 0); }
int unlinkat(int at, const char *path, int flags) { return unlinked(at, path, flags); }
int rmdir(const char *path) { return unlinked(AT_FDCWD, path, AT_REMOVEDIR); }

static int folder_made(int at, const char *path, mode_t mode) {
    char whole[LONGEST];
    if (!whole_path(at, path, whole)) return (int)syscall(SYS_mkdirat, at, path, mode);
    AS_ONE_CALL(OTHER, {
        done = (int)syscall(SYS_mkdirat, at, path, mode);
        if (done == 0) note_path('M', -1, mode, whole);
    })
    return done;
}

int mkdir(const char *path, mode_t mode) { return folder_made(AT_FDCWD, path, mode); }
int mkdirat(int at, const char *path, mode_t mode) { return folder_made(at, path, mode); }
