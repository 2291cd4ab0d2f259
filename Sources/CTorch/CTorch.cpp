// Context, tensors, gradients and Adam.
#ifdef CT_HAS_TORCH
#include "Guarded.h"
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/util/Logging.h>
#include <cmath>
#include <cstring>
#include <torch/csrc/autograd/autograd.h>
#include <torch/cuda.h>
#include <torch/utils.h>
#include <torch/version.h>

std::string &ct_failure() {
  static thread_local std::string failure;
  return failure;
}

char *ct_take_error(void) {
  if (ct_failure().empty()) return nullptr;
  auto text = strdup(ct_failure().c_str());
  ct_failure().clear();
  return text;
}

void ct_free_text(char *text) { free(text); }
const char *ct_version(void) { return TORCH_VERSION; }

bool ct_has_cuda(void) {
  bool has = false;
  ct_guard([&] { has = torch::cuda::is_available(); });
  return has;
}

void ct_set_threads(int threads) {
  ct_guard([&] { at::set_num_threads(threads); });
}

void ct_use_onednn(bool enabled) { at::globalContext().setUserEnabledMkldnn(enabled); }

void ct_seed(uint64_t seed) {
  ct_guard([&] { torch::manual_seed(seed); });
}

void ct_set_autocast(bool enabled, bool cuda) {
  ct_guard([&] {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    auto device = cuda ? at::kCUDA : at::kCPU;
    at::autocast::set_autocast_dtype(device, at::kBFloat16);
    at::autocast::set_autocast_enabled(device, enabled);
#else
    if (cuda) {
      at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
      at::autocast::set_enabled(enabled);
    } else {
      at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
      at::autocast::set_cpu_enabled(enabled);
    }
#endif
    // Casts of parameters are kept within a step only: they change with the next one.
    if (!enabled) at::autocast::clear_cache();
  });
}

bool ct_set_gradients(bool enabled) {
  bool before = at::GradMode::is_enabled();
  at::GradMode::set_enabled(enabled);
  return before;
}

static at::Device device(bool cuda) { return at::Device(cuda ? at::kCUDA : at::kCPU); }

ct_ref ct_make(const void *data, int type, const int64_t *shape, int rank, bool cuda) {
  return ct_guarded([&] {
    auto options = at::TensorOptions(type == ct_int64 ? at::kLong : at::kFloat);
    auto view = at::from_blob(const_cast<void *>(data), at::IntArrayRef(shape, rank), options);
    return cuda ? view.to(device(true)) : view.clone();
  });
}

ct_ref ct_filled(double value, const int64_t *shape, int rank, bool cuda) {
  return ct_guarded([&] {
    auto options = at::TensorOptions(at::kFloat).device(device(cuda));
    return at::full(at::IntArrayRef(shape, rank), value, options);
  });
}

void ct_free(ct_ref x) { delete x; }
bool ct_is_defined(ct_ref x) { return x->value.defined(); }
int ct_rank(ct_ref x) { return x->value.defined() ? (int)x->value.dim() : 0; }

int64_t ct_size(ct_ref x, int axis) { return x->value.size(axis); }

void ct_copy_out(ct_ref x, float *target, int64_t count) {
  memset(target, 0, count * sizeof(float));
  ct_guard([&] {
    auto values = x->value.detach().to(at::kCPU, at::kFloat).contiguous();
    TORCH_CHECK(values.numel() == count, "a tensor of ", values.numel(), " elements, not ", count);
    memcpy(target, values.data_ptr<float>(), count * sizeof(float));
  });
}

void ct_copy_in(ct_ref x, const float *source, int64_t count) {
  ct_guard([&] {
    at::NoGradGuard guard;
    TORCH_CHECK(x->value.numel() == count, "a tensor of ", x->value.numel(), ", not ", count);
    x->value.copy_(at::from_blob(const_cast<float *>(source), x->value.sizes(), at::kFloat));
  });
}

double ct_item(ct_ref x) {
  double item = NAN;
  ct_guard([&] { item = x->value.item<double>(); });
  return item;
}

ct_ref ct_detach(ct_ref x) {
  return ct_guarded([&] { return x->value.detach(); });
}

ct_ref ct_copy(ct_ref x) {
  return ct_guarded([&] { return x->value.detach().clone(); });
}

ct_ref ct_to_float(ct_ref x) {
  return ct_guarded([&] { return x->value.to(at::kFloat); });
}

ct_ref ct_to_channels_last(ct_ref x) {
  return ct_guarded([&] { return x->value.contiguous(at::MemoryFormat::ChannelsLast); });
}

void ct_set_requires_gradient(ct_ref x, bool required) {
  ct_guard([&] { x->value.set_requires_grad(required); });
}

void ct_backward(ct_ref x) {
  ct_guard([&] { x->value.backward(); });
}

ct_ref ct_gathered_gradient(ct_ref x) {
  return ct_guarded([&] { return x->value.grad(); });
}

void ct_clear_gradient(ct_ref x) {
  ct_guard([&] { x->value.mutable_grad().reset(); });
}

ct_ref ct_gradient(ct_ref y, ct_ref x) {
  return ct_guarded([&] {
    return torch::autograd::grad({y->value.sum()}, {x->value}, {}, true, true)[0];
  });
}

void ct_adam(
    ct_ref parameter, ct_ref mean, ct_ref square, double rate, double beta1, double beta2,
    double epsilon, int64_t step) {
  ct_guard([&] {
    at::NoGradGuard guard;
    auto &gradient = parameter->value.grad();
    if (!gradient.defined()) return;
    auto correction1 = 1 - std::pow(beta1, step), correction2 = 1 - std::pow(beta2, step);
    auto &m = mean->value, &v = square->value;
    m.mul_(beta1).add_(gradient, 1 - beta1);
    v.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
    auto divisor = v.sqrt().div_(std::sqrt(correction2)).add_(epsilon);
    parameter->value.addcdiv_(m, divisor, -rate / correction1);
  });
}

void ct_approach(ct_ref x, ct_ref y, double share) {
  ct_guard([&] {
    at::NoGradGuard guard;
    x->value.lerp_(y->value.detach(), share);
  });
}
#endif
