#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

// Descriptors of ours stay clear of those that a program finds its own under.
enum { lowest = 10 };

static int raised(int descriptor) {
  if (descriptor < 0) return -1;
  int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, lowest);
  int reason = errno;
  close(descriptor);
  errno = reason;
  return copy;
}

int cprocess_pipe(int ends[2]) {
  int made[2];
#ifdef __linux__
  if (pipe2(made, O_CLOEXEC) != 0) return -1;
#else
  if (pipe(made) != 0) return -1;
#endif
  ends[0] = raised(made[0]);
  ends[1] = raised(made[1]);
  if (ends[0] >= 0 && ends[1] >= 0) return 0;
  int reason = errno;
  if (ends[0] >= 0) close(ends[0]);
  if (ends[1] >= 0) close(ends[1]);
  errno = reason;
  return -1;
}

int cprocess_never_wait(int descriptor) {
#ifdef F_SETNOSIGPIPE
  fcntl(descriptor, F_SETNOSIGPIPE, 1);
#endif
  int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 ? -1 : fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
}

ssize_t cprocess_write(int descriptor, const void *bytes, size_t count) {
#ifdef F_SETNOSIGPIPE
  return write(descriptor, bytes, count);
#else
  // A signal of this thread alone: blocked, taken away where it has come, and let through again.
  sigset_t pipe_signal, before, waiting;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  sigpending(&waiting);
  int was_waiting = sigismember(&waiting, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  ssize_t written = write(descriptor, bytes, count);
  int reason = errno;
  if (written < 0 && reason == EPIPE && !was_waiting) {
    const struct timespec none = {0, 0};
    while (sigtimedwait(&pipe_signal, NULL, &none) < 0 && errno == EINTR) continue;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = reason;
  return written;
#endif
}

int cprocess_memory(void) {
#ifdef __linux__
  int memory = memfd_create("tessera", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  // A program that shortened it would end the host with a bus error.
  if (memory >= 0) fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_SEAL);
  return raised(memory);
#else
  // POSIX shared memory cannot grow here; a file whose name is gone can.
  const char *folder = getenv("TMPDIR");
  char path[1024];
  snprintf(path, sizeof path, "%s/tessera-memory-XXXXXX", folder && *folder ? folder : "/tmp");
  int memory = mkstemp(path);
  if (memory >= 0) unlink(path);
  return raised(memory);
#endif
}

void cprocess_empty(void *start, size_t count) {
#ifdef MADV_REMOVE
  madvise(start, count, MADV_REMOVE);
#else
  (void)start;
  (void)count;
#endif
}

static int prepare(
    posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, const char *folder,
    const int descriptors[4]) {
  int fault = 0;
  for (int place = 0; place < 4 && !fault; place++)
    fault = posix_spawn_file_actions_adddup2(actions, descriptors[place], place);
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 34)
  if (!fault) fault = posix_spawn_file_actions_addclosefrom_np(actions, 4);
#endif
  if (!fault) fault = posix_spawn_file_actions_addchdir_np(actions, folder);

  short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
#ifdef POSIX_SPAWN_CLOEXEC_DEFAULT
  flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
  sigset_t usual, none;
  sigemptyset(&none);
  sigemptyset(&usual);
  // Ignored signals stay ignored in a new program, unless they are named here.
  const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGCHLD};
  for (size_t index = 0; index < sizeof signals / sizeof *signals; index++)
    sigaddset(&usual, signals[index]);
  if (!fault) fault = posix_spawnattr_setsigdefault(attributes, &usual);
  if (!fault) fault = posix_spawnattr_setsigmask(attributes, &none);
  if (!fault) fault = posix_spawnattr_setpgroup(attributes, 0);
  return fault ? fault : posix_spawnattr_setflags(attributes, flags);
}

// The other end of what a guard reads: it is closed when this process ends, however it does.
static int guard = -1;
static pthread_mutex_t guard_lock = PTHREAD_MUTEX_INITIALIZER;

// Groups come as "+ID" and go as "-ID"; those that are left when nobody writes any more are ended.
static const char guard_script[] =
    "trap '' HUP INT QUIT TERM\n"
    "all=\n"
    "helpers() { for one in $(cat /proc/$1/task/*/children 2>/dev/null); do echo $one; helpers $one; done; }\n"
    "while read -r line; do\n"
    "  id=${line#?}\n"
    "  case $line in\n"
    "  +*) all=\"$all $id\" ;;\n"
    "  -*) rest=; for one in $all; do [ \"$one\" = \"$id\" ] || rest=\"$rest $one\"; done; all=$rest ;;\n"
    "  esac\n"
    "done\n"
    "for one in $all; do more=$(helpers $one); kill -9 -\"$one\" $more 2>/dev/null; done\n";

static void start_guard(void) {
  extern char **environ;
  int ends[2];
  if (cprocess_pipe(ends) != 0) return;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  pid_t process = -1;
  int fault = 1;
  if (posix_spawn_file_actions_init(&actions) == 0) {
    if (posix_spawnattr_init(&attributes) == 0) {
      int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
      const int descriptors[4] = {ends[0], nothing, nothing, nothing};
      char *const arguments[] = {"sh", "-c", (char *)guard_script, NULL};
      fault = nothing < 0 || prepare(&actions, &attributes, "/", descriptors) != 0 ||
              posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environ) != 0;
      if (nothing >= 0) close(nothing);
      posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
  }
  close(ends[0]);
  if (fault)
    close(ends[1]);
  else
    guard = ends[1];
}

static void need_guard(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, start_guard);
}

// Tells the guard of a group that begins ('+') or has ended ('-').
static void tell_guard(char what, pid_t group) {
  pthread_mutex_lock(&guard_lock);
  if (guard >= 0) {
    char line[32];
    int count = snprintf(line, sizeof line, "%c%ld\n", what, (long)group);
    // A guard that has gone guards nothing: there is nothing better to do.
    (void)!cprocess_write(guard, line, (size_t)count);
  }
  pthread_mutex_unlock(&guard_lock);
}

pid_t cprocess_start(
    const char *program, char *const *arguments, char *const *environment, const char *folder,
    const int descriptors[4]) {
  // First: this process may end at any time.
  need_guard();
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  pid_t process = -1;
  int fault = posix_spawn_file_actions_init(&actions);
  if (!fault) {
    fault = posix_spawnattr_init(&attributes);
    if (!fault) {
      fault = prepare(&actions, &attributes, folder, descriptors);
      if (!fault)
        fault = posix_spawn(&process, program, &actions, &attributes, arguments, environment);
      posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
  }
  if (!fault) {
    tell_guard('+', process);
    return process;
  }
  errno = fault;
  return -1;
}

int cprocess_has_ended(pid_t process, int *status) {
  siginfo_t found = {0};
  // Seen, but not yet taken note of, so that its number is still its own.
  int result = waitid(P_PID, (id_t)process, &found, WEXITED | WNOHANG | WNOWAIT);
  if (result == 0 && found.si_pid == 0) return 0;
  if (result != 0) return errno == ECHILD ? -1 : 0;
  kill(-process, SIGKILL);
  tell_guard('-', process);
  while (waitpid(process, status, 0) < 0)
    if (errno != EINTR) return -1;
  return 1;
}

void cprocess_trim(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
