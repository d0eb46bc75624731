/* What the world can do to the program, loaded before the C library (LD_PRELOAD) by tests:
 *
 * SIPAS_TEST_CLOCK   a file with a whole number of seconds that the clock is off; read at every look at the clock.
 * SIPAS_TEST_DIE_AT  N: the program is killed (SIGKILL) when it writes to a file or to its server for the Nth time;
 *                    where N is even, after half of the bytes were written, as a write that was cut.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static long seconds_off(void) {
    const char *path = getenv("SIPAS_TEST_CLOCK");
    char text[24] = {0};
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return 0;
    ssize_t got = read(file, text, sizeof text - 1);
    close(file);
    return got > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = REAL(clock_gettime)(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += seconds_off();
    return result;
}

time_t time(time_t *to) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (to) *to = now.tv_sec;
    return now.tv_sec;
}

/* Whether this is the write at which the program dies. */
static int fatal(int *torn) {
    static int writes = 0;
    const char *at = getenv("SIPAS_TEST_DIE_AT");
    int now = at ? __atomic_add_fetch(&writes, 1, __ATOMIC_SEQ_CST) : 0;
    *torn = now % 2 == 0;
    return at && now == atoi(at);
}

#define DIES(write_half) do { int torn; if (fatal(&torn)) { if (torn) { write_half; } raise(SIGKILL); } } while (0)

ssize_t write(int file, const void *bytes, size_t count) {
    if (file > 2) DIES(if (REAL(write)(file, bytes, count / 2)) {});
    return REAL(write)(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    DIES(if (REAL(pwrite)(file, bytes, count / 2, at)) {});
    return REAL(pwrite)(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    DIES(if (REAL(pwrite64)(file, bytes, count / 2, at)) {});
    return REAL(pwrite64)(file, bytes, count, at);
}

ssize_t send(int socket, const void *bytes, size_t count, int flags) {
    DIES(if (REAL(send)(socket, bytes, count / 2, flags)) {});
    return REAL(send)(socket, bytes, count, flags);
}

int ftruncate(int file, off_t length) {
    DIES(;);
    return REAL(ftruncate)(file, length);
}

int ftruncate64(int file, off64_t length) {
    DIES(;);
    return REAL(ftruncate64)(file, length);
}

int fsync(int file) {
    DIES(;);
    return REAL(fsync)(file);
}

int fdatasync(int file) {
    DIES(;);
    return REAL(fdatasync)(file);
}

int unlink(const char *path) {
    DIES(;);
    return REAL(unlink)(path);
}
