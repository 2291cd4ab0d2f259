#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
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

pid_t cprocess_start(
    const char *program, char *const *arguments, char *const *environment, const char *folder,
    const int descriptors[4]) {
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
  if (!fault) return process;
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
  while (waitpid(process, status, 0) < 0)
    if (errno != EINTR) return -1;
  return 1;
}

void cprocess_trim(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
