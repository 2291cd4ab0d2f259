#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
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

// Puts what a program finds in place, between fork and exec: calls that are safe there, and no more.
static void become(
    const char *program, char *const *arguments, char *const *environment, const char *folder,
    const int descriptors[4], int guard) {
  if (setpgid(0, 0) != 0) return;
  for (int place = 0; place < 4; place++)
    if (dup2(descriptors[place], place) < 0) return;
  if (chdir(folder) != 0) return;
  // No handler of the host may run here, and ignored signals would stay ignored in the program.
  const int usual[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCHLD};
  for (size_t index = 0; index < sizeof usual / sizeof *usual; index++)
    signal(usual[index], SIG_DFL);
  for (int number = 1; number < NSIG; number++) {
    struct sigaction action;
    if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_IGN &&
        action.sa_handler != SIG_DFL)
      signal(number, SIG_DFL);
  }
  signal(SIGPIPE, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  if (guard >= 0) {
    // By itself and before it is anything: the guard reads on until nobody holds the other end.
    char line[24];
    int end = sizeof line;
    line[--end] = '\n';
    for (pid_t rest = getpid(); rest > 0; rest /= 10) line[--end] = (char)('0' + rest % 10);
    line[--end] = '+';
    (void)!write(guard, line + end, sizeof line - (size_t)end);
  }
  signal(SIGPIPE, SIG_DFL);
#ifdef CLOSE_RANGE_CLOEXEC
  if (close_range(4, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
#endif
    for (int rest = 4; rest < getdtablesize(); rest++) fcntl(rest, F_SETFD, FD_CLOEXEC);
  execve(program, arguments, environment);
}

// Starts a program in a group of its own; one with a guard tells that of its group.
static pid_t start(
    const char *program, char *const *arguments, char *const *environment, const char *folder,
    const int descriptors[4], int guard) {
  int report[2];
  if (cprocess_pipe(report) != 0) return -1;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
#ifdef __linux__
  pid_t process = vfork();
#else
  pid_t process = fork();
#endif
  if (process == 0) {
    become(program, arguments, environment, folder, descriptors, guard);
    int reason = errno;
    (void)!write(report[1], &reason, sizeof reason);
    _exit(127);
  }
  int reason = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(report[1]);
  if (process > 0) {
    // Closed by what it becomes, or holds why it becomes nothing.
    ssize_t count;
    while ((count = read(report[0], &reason, sizeof reason)) < 0 && errno == EINTR) continue;
    if (count > 0) {
      while (waitpid(process, NULL, 0) < 0 && errno == EINTR) continue;
      process = -1;
    }
  }
  close(report[0]);
  errno = reason;
  return process;
}

// The other end of what a guard reads: it is closed when this process ends, however it does.
static int guard = -1;
static pthread_mutex_t guard_lock = PTHREAD_MUTEX_INITIALIZER;

// Groups come as "+ID" and go as "-ID"; those that are left when nobody writes any more are ended, and
// with them every process whose environment has the mark, whatever group or session it is in.
static const char guard_script[] =
    "trap '' HUP INT QUIT TERM\n"
    "PATH=$PATH:/usr/bin:/bin\n"
    "all=\n"
    "while read -r line; do\n"
    "  id=${line#?}\n"
    "  case $line in\n"
    "  +*) all=\"$all $id\" ;;\n"
    "  -*) rest=; for one in $all; do [ \"$one\" = \"$id\" ] || rest=\"$rest $one\"; done; all=$rest ;;\n"
    "  esac\n"
    "done\n"
    "for one in $all; do kill -9 -\"$one\"; done 2>/dev/null\n"
    "for round in 1 2 3 4 5 6 7 8 9; do\n"
    "  found=$(grep -lsF \"$1\" /proc/[0-9]*/environ)\n"
    "  [ -n \"$found\" ] || break\n"
    "  for one in $found; do one=${one#/proc/}; kill -9 \"${one%/environ}\"; done 2>/dev/null\n"
    "done\n";

// `guard_lock` is held.
static void need_guard(const char *mark) {
  static int was_tried = 0;
  extern char **environ;
  if (was_tried) return;
  was_tried = 1;
  int ends[2];
  if (cprocess_pipe(ends) != 0) return;
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  const int descriptors[4] = {ends[0], nothing, nothing, nothing};
  char *const arguments[] = {"sh", "-c", (char *)guard_script, "sh", (char *)mark, NULL};
  int fault = nothing < 0 || start("/bin/sh", arguments, environ, "/", descriptors, -1) < 0;
  if (nothing >= 0) close(nothing);
  close(ends[0]);
  if (fault)
    close(ends[1]);
  else
    guard = ends[1];
}

pid_t cprocess_start(
    const char *program, char *const *arguments, char *const *environment, const char *folder,
    const int descriptors[4], const char *mark) {
  pthread_mutex_lock(&guard_lock);
  need_guard(mark);
  pthread_mutex_unlock(&guard_lock);
  return start(program, arguments, environment, folder, descriptors, guard);
}

int cprocess_has_ended(pid_t process, int *status) {
  siginfo_t found = {0};
  // Seen, but not yet taken note of, so that its number is still its own.
  int result = waitid(P_PID, (id_t)process, &found, WEXITED | WNOHANG | WNOWAIT);
  if (result == 0 && found.si_pid == 0) return 0;
  if (result != 0) return errno == ECHILD ? -1 : 0;
  kill(-process, SIGKILL);
  char line[32];
  int count = snprintf(line, sizeof line, "-%ld\n", (long)process);
  pthread_mutex_lock(&guard_lock);
  // A guard that has gone guards nothing: there is nothing better to do.
  if (guard >= 0) (void)!cprocess_write(guard, line, (size_t)count);
  pthread_mutex_unlock(&guard_lock);
  while (waitpid(process, status, 0) < 0)
    if (errno != EINTR) return -1;
  return 1;
}

void cprocess_trim(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
