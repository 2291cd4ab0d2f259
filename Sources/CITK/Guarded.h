#pragma once

#include "CITK.h"
#include <csetjmp>
#include <cstring>
#include <exception>
#include <string>

inline char *ci_copy(const std::string &text) { return strdup(text.c_str()); }

/// Where a failed assertion of this thread goes, and what it said.
struct ci_escape {
  jmp_buf place;
  char reason[256];
};

/// The innermost call that waits for failures, or null.
extern thread_local ci_escape *ci_current_escape;

/// What `body` returns, or `otherwise` with the reason in `error`.
template <typename Result, typename Body>
Result ci_guarded(char **error, Result otherwise, Body body) {
  *error = nullptr;
  ci_escape escape, *outer = ci_current_escape;
  struct Restore {
    ci_escape *outer;
    ~Restore() { ci_current_escape = outer; }
  } restore{outer};
  // Debian's GDCM is built with assertions, which odd files run into: a message instead of an end of
  // the program. What the library held at that moment is lost, which is little.
  if (setjmp(escape.place)) {
    ci_current_escape = outer;
    *error = ci_copy(std::string("GDCM does not understand it (") + escape.reason + ")");
    return otherwise;
  }
  ci_current_escape = &escape;
  try {
    return body();
  } catch (const std::bad_alloc &) {
    *error = ci_copy("it does not fit into the memory");
  } catch (const std::exception &failure) {
    *error = ci_copy(failure.what());
  } catch (...) {
    *error = ci_copy("an unknown failure");
  }
  return otherwise;
}
