// Starting a program and sharing memory with it: calls that Swift does not see, or that differ from
// system to system. Prefix cprocess_. What fails returns -1 and sets errno.
#pragma once
#include <stddef.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/// Opens a pipe that no other program inherits: the end to read and the end to write.
int cprocess_pipe(int ends[_Nonnull 2]);

/// Makes writing to a descriptor fail with EAGAIN where it would wait.
int cprocess_never_wait(int descriptor);

/// Writes as write() does, without the signal where nobody reads any more.
ssize_t cprocess_write(int descriptor, const void *bytes, size_t count);

/// Makes memory without a name, of no size yet, that can grow but never shrink.
int cprocess_memory(void);

/// Gives pages of mapped memory back; they read as zero from then on.
void cprocess_empty(void *start, size_t count);

/// Starts a program in a process group of its own, with `descriptors` as 0, 1, 2 and 3 and none besides,
/// in `folder`, and returns its number. The group ends with this process, even where that is killed, and
/// so does, on Linux, every process whose environment has `mark`, which is one for all programs.
pid_t cprocess_start(
    const char *program, char *_Nullable const *_Nonnull arguments,
    char *_Nullable const *_Nonnull environment, const char *folder,
    const int descriptors[_Nonnull 4], const char *mark);

/// Whether a process that was started has ended, and its status as waitpid() gives it; what it had
/// started itself ends with it, as far as that stayed in its group.
int cprocess_has_ended(pid_t process, int *status);

/// Gives memory that was freed back to the system, so that what a process holds is what it uses.
void cprocess_trim(void);

#pragma clang assume_nonnull end
