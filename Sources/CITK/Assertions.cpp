#ifdef CI_HAS_ITK
#include "Guarded.h"
#include <cstdio>
#include <cstdlib>

thread_local ci_escape *ci_current_escape = nullptr;

#ifdef __linux__
/// Takes the place of the C library's own in all libraries of the process.
extern "C" __attribute__((visibility("default"), noreturn)) void
__assert_fail(const char *assertion, const char *file, unsigned line, const char *) noexcept {
  if (auto escape = ci_current_escape) {
    snprintf(escape->reason, sizeof escape->reason, "%s", assertion);
    longjmp(escape->place, 1);
  }
  fprintf(stderr, "%s:%u: assertion failed: %s\n", file, line, assertion);
  abort();
}
#endif
#endif
