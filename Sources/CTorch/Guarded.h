#pragma once

#if !__has_include(<ATen/ATen.h>)
#error "there is no libtorch: run 'make setup', name its folder in TESSERA_TORCH, or build without the trait Training"
#endif

#include "CTorch.h"
#include <ATen/ATen.h>
#include <string>

struct ct_tensor {
  at::Tensor value;
};

/// The first failure of this thread.
std::string &ct_failure();

/// Runs `body` and keeps what it throws as the thread's failure, unless there is one.
template <typename Body> void ct_guard(Body body) {
  try {
    body();
  } catch (const c10::Error &error) {
    if (ct_failure().empty()) ct_failure() = error.what_without_backtrace();
  } catch (const std::exception &error) {
    if (ct_failure().empty()) ct_failure() = error.what();
  }
}

/// What `body` makes, or an undefined tensor.
template <typename Body> ct_ref ct_guarded(Body body) {
  auto result = new ct_tensor;
  ct_guard([&] { result->value = body(); });
  return result;
}

inline at::IntArrayRef ct_pair(const int64_t *numbers) { return at::IntArrayRef(numbers, 2); }

inline c10::optional<at::Tensor> ct_optional(ct_ref x) {
  return x ? c10::optional<at::Tensor>(x->value) : c10::nullopt;
}
