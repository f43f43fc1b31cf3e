/*
 * A link with delay and loss, for kernels without netem: moves IP packets between two TUN devices in two network
 * namespaces. One thread, one ring per direction; a fixed delay keeps each ring in order of time, so that the timer
 * is always set for the oldest packet of the two.
 *
 *   forwarder DELAY_MS LOSS_PERCENT SEED DEVICE PID DEVICE
 *
 * The first device is made in the caller's namespace, the second in that of process PID. Prints "ready" when both
 * exist, and on SIGTERM one line with what it forwarded, lost on purpose, and dropped for lack of room.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 65536u /* power of two: at 40 ms, 1.6 million packets a second */
#define ROOM 1536u   /* one packet; the devices' MTU is 1500 */
#define BATCH 64

struct slot {
    uint64_t due;
    uint32_t size;
    unsigned char data[ROOM];
};

struct way {
    int from, to;
    struct slot *ring;
    uint32_t head, tail;
    uint64_t random, forwarded, lost, overrun;
};

static uint64_t delay_ns, loss_limit;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* xorshift64*: seeded, so that the same packets in the same order lose the same ones. */
static uint32_t draw(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * 2685821657736338717u) >> 32);
}

static int open_tun(const char *device) {
    struct ifreq request;
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        die("/dev/net/tun");
    memset(&request, 0, sizeof request);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    strncpy(request.ifr_name, device, IFNAMSIZ - 1);
    if (ioctl(fd, TUNSETIFF, &request) < 0)
        die("TUNSETIFF");
    return fd;
}

static void enter(const char *pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/ns/net", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
        die(path);
    close(fd);
}

static void deliver(struct way *way, const unsigned char *data, uint32_t size) {
    if (write(way->to, data, size) == (ssize_t)size)
        way->forwarded++;
    else
        way->overrun++;
}

/* Take up to BATCH packets off the device; at no delay they go straight through. */
static void take(struct way *way) {
    unsigned char scratch[ROOM];
    uint64_t due = delay_ns ? now_ns() + delay_ns : 0;
    for (int i = 0; i < BATCH; i++) {
        int full = way->head - way->tail == SLOTS;
        struct slot *slot = &way->ring[way->head & (SLOTS - 1)];
        unsigned char *data = full || !delay_ns ? scratch : slot->data;
        ssize_t size = read(way->from, data, ROOM);
        if (size <= 0)
            return;
        if (loss_limit && draw(&way->random) < loss_limit) {
            way->lost++;
        } else if (!delay_ns) {
            deliver(way, data, (uint32_t)size);
        } else if (full) {
            way->overrun++;
        } else {
            slot->due = due;
            slot->size = (uint32_t)size;
            way->head++;
        }
    }
}

static void release(struct way *way) {
    uint64_t now = now_ns();
    while (way->tail != way->head) {
        struct slot *slot = &way->ring[way->tail & (SLOTS - 1)];
        if (slot->due > now)
            return;
        deliver(way, slot->data, slot->size);
        way->tail++;
    }
}

static uint64_t next_due(const struct way *way) {
    return way->tail == way->head ? UINT64_MAX : way->ring[way->tail & (SLOTS - 1)].due;
}

static void arm(int timer, struct way ways[2], uint64_t *armed) {
    uint64_t first = next_due(&ways[0]), second = next_due(&ways[1]);
    uint64_t due = first < second ? first : second;
    if (due == UINT64_MAX || due == *armed)
        return;
    struct itimerspec when = {{0, 0}, {(time_t)(due / 1000000000u), (long)(due % 1000000000u)}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
    *armed = due;
}

static void watch(int epoll, int fd, uint32_t what) {
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = what};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        die("epoll_ctl");
}

int main(int argc, char **argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: forwarder DELAY_MS LOSS_PERCENT SEED DEVICE PID DEVICE\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    delay_ns = (uint64_t)(atof(argv[1]) * 1e6);
    loss_limit = (uint64_t)(atof(argv[2]) / 100.0 * 4294967296.0);
    uint64_t seed = strtoull(argv[3], NULL, 10) * 2 + 1;
    int near = open_tun(argv[4]);
    enter(argv[5]);
    int far = open_tun(argv[6]);
    struct way ways[2] = {{.from = near, .to = far, .random = seed * 0x9E3779B97F4A7C15u},
                          {.from = far, .to = near, .random = seed * 0xBF58476D1CE4E5B9u}};
    for (int i = 0; i < 2; i++)
        if (!(ways[i].ring = malloc(SLOTS * sizeof(struct slot))))
            die("malloc");
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    int signals = signalfd(-1, &ends, SFD_CLOEXEC), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(epoll, near, 0);
    watch(epoll, far, 1);
    watch(epoll, timer, 2);
    watch(epoll, signals, 3);
    puts("ready");
    fflush(stdout);
    uint64_t armed = 0;
    for (;;) {
        struct epoll_event events[4];
        int count = epoll_wait(epoll, events, 4, -1);
        for (int i = 0; i < count; i++) {
            uint32_t what = events[i].data.u32;
            if (what == 3)
                goto done;
            if (what == 2) {
                uint64_t expirations;
                if (read(timer, &expirations, sizeof expirations) > 0)
                    armed = 0;
            } else {
                take(&ways[what]);
            }
        }
        if (delay_ns) {
            release(&ways[0]);
            release(&ways[1]);
            arm(timer, ways, &armed);
        }
    }
done:
    printf("forwarded %llu %llu lost %llu %llu overrun %llu %llu\n", (unsigned long long)ways[0].forwarded,
           (unsigned long long)ways[1].forwarded, (unsigned long long)ways[0].lost, (unsigned long long)ways[1].lost,
           (unsigned long long)ways[0].overrun, (unsigned long long)ways[1].overrun);
    return 0;
}
