// Elementwise operations, layers, shapes and reductions.
#ifdef CT_HAS_TORCH
#include "Guarded.h"
#include <c10/core/GradMode.h>
#include <torch/version.h>

ct_ref ct_unary(int op, ct_ref x) {
  return ct_guarded([&]() -> at::Tensor {
    const auto &v = x->value;
    switch (op) {
    case ct_relu: return at::relu(v);
    case ct_tanh: return at::tanh(v);
    case ct_sigmoid: return at::sigmoid(v);
    case ct_softplus: return at::softplus(v);
    case ct_exp: return at::exp(v);
    case ct_log: return at::log(v);
    case ct_sqrt: return at::sqrt(v);
    case ct_abs: return at::abs(v);
    case ct_negate: return at::neg(v);
    case ct_erf: return at::erf(v);
    case ct_square: return v * v;
    case ct_floor: return at::floor(v);
    default: return at::reciprocal(v);
    }
  });
}

ct_ref ct_leaky_relu(ct_ref x, double slope) {
  return ct_guarded([&] { return at::leaky_relu(x->value, slope); });
}

ct_ref ct_elu(ct_ref x, double alpha) {
  return ct_guarded([&] { return at::elu(x->value, alpha); });
}

ct_ref ct_clamp(ct_ref x, double low, double high) {
  return ct_guarded([&] { return at::clamp(x->value, low, high); });
}

ct_ref ct_affine(ct_ref x, double factor, double term) {
  return ct_guarded([&] {
    auto scaled = factor == 1 ? x->value : x->value * factor;
    return term == 0 ? scaled : scaled + term;
  });
}

ct_ref ct_dropout(ct_ref x, double probability) {
  return ct_guarded([&] { return at::dropout(x->value, probability, true); });
}

ct_ref ct_binary(int op, ct_ref a, ct_ref b) {
  return ct_guarded([&]() -> at::Tensor {
    const auto &x = a->value, &y = b->value;
    switch (op) {
    case ct_add: return x + y;
    case ct_subtract: return x - y;
    case ct_multiply: return x * y;
    case ct_divide: return x / y;
    case ct_power: return at::pow(x, y);
    case ct_maximum: return at::maximum(x, y);
    default: return at::minimum(x, y);
    }
  });
}

ct_ref ct_convolution(
    ct_ref x, ct_ref weight, ct_ref bias, const int64_t *stride, const int64_t *padding,
    const int64_t *dilation, int64_t groups) {
  return ct_guarded([&] {
    return at::conv2d(
        x->value, weight->value, ct_optional(bias), ct_pair(stride), ct_pair(padding),
        ct_pair(dilation), groups);
  });
}

ct_ref ct_transposed_convolution(
    ct_ref x, ct_ref weight, ct_ref bias, const int64_t *stride, const int64_t *padding,
    const int64_t *output_padding, const int64_t *dilation, int64_t groups) {
  return ct_guarded([&] {
    return at::conv_transpose2d(
        x->value, weight->value, ct_optional(bias), ct_pair(stride), ct_pair(padding),
        ct_pair(output_padding), groups, ct_pair(dilation));
  });
}

ct_ref ct_pad(ct_ref x, const int64_t *sides, int border, double value) {
  return ct_guarded([&]() -> at::Tensor {
    at::IntArrayRef pads(sides, 4);
    switch (border) {
    case ct_reflect: return at::reflection_pad2d(x->value, pads);
    case ct_edge: return at::replication_pad2d(x->value, pads);
    default: return at::constant_pad_nd(x->value, pads, value);
    }
  });
}

ct_ref ct_instance_norm(ct_ref x, ct_ref scale, ct_ref shift, double epsilon) {
  return ct_guarded([&] {
    return at::instance_norm(
        x->value, ct_optional(scale), ct_optional(shift), {}, {}, true, 0, epsilon, false);
  });
}

ct_ref ct_batch_norm(
    ct_ref x, ct_ref scale, ct_ref shift, ct_ref mean, ct_ref variance, bool training,
    double momentum, double epsilon) {
  return ct_guarded([&] {
    return at::batch_norm(
        x->value, ct_optional(scale), ct_optional(shift), mean->value, variance->value, training,
        momentum, epsilon, false);
  });
}

// F.normalize with its epsilon of 1e-12.
static at::Tensor unit(const at::Tensor &x) { return x / x.norm().clamp_min(1e-12); }

ct_ref ct_spectral(ct_ref weight, ct_ref u, ct_ref v, bool iterates) {
  return ct_guarded([&] {
    const auto &w = weight->value;
    auto matrix = w.reshape({w.size(0), -1});
    if (iterates) {
      c10::NoGradGuard guard;
      v->value.copy_(unit(at::mv(matrix.t(), u->value)));
      u->value.copy_(unit(at::mv(matrix, v->value)));
    }
    // Copies: the next forward pass moves u and v before this one's gradients are asked for.
    auto sigma = at::dot(u->value.clone(), at::mv(matrix, v->value.clone()));
    return w / sigma;
  });
}

ct_ref ct_average_pool(
    ct_ref x, const int64_t *kernel, const int64_t *stride, const int64_t *padding, bool ceiling,
    bool counts_padding) {
  return ct_guarded([&] {
    return at::avg_pool2d(
        x->value, ct_pair(kernel), ct_pair(stride), ct_pair(padding), ceiling, counts_padding);
  });
}

ct_ref ct_max_pool(
    ct_ref x, const int64_t *kernel, const int64_t *stride, const int64_t *padding, bool ceiling) {
  return ct_guarded([&] {
    return at::max_pool2d(
        x->value, ct_pair(kernel), ct_pair(stride), ct_pair(padding), {1, 1}, ceiling);
  });
}

ct_ref ct_resize_nearest(ct_ref x, int64_t height, int64_t width) {
  return ct_guarded([&] { return at::upsample_nearest2d(x->value, {height, width}); });
}

ct_ref ct_resize_bilinear(ct_ref x, int64_t height, int64_t width, bool aligns_corners) {
  return ct_guarded(
      [&] { return at::upsample_bilinear2d(x->value, {height, width}, aligns_corners); });
}

ct_ref ct_product(ct_ref a, ct_ref b) {
  return ct_guarded([&] { return at::matmul(a->value, b->value); });
}

ct_ref ct_softmax(ct_ref x, int64_t axis) {
  return ct_guarded([&] { return at::softmax(x->value, axis); });
}

ct_ref ct_concatenate(const ct_ref *tensors, int count, int64_t axis) {
  return ct_guarded([&] {
    std::vector<at::Tensor> values;
    for (int i = 0; i < count; i++) values.push_back(tensors[i]->value);
    return at::cat(values, axis);
  });
}

ct_ref ct_slice(ct_ref x, int64_t axis, int64_t start, int64_t end, int64_t step) {
  return ct_guarded([&] { return x->value.slice(axis, start, end, step); });
}

ct_ref ct_reshape(ct_ref x, const int64_t *shape, int rank) {
  return ct_guarded([&] { return x->value.reshape(at::IntArrayRef(shape, rank)); });
}

ct_ref ct_permute(ct_ref x, const int64_t *axes, int rank) {
  return ct_guarded([&] { return x->value.permute(at::IntArrayRef(axes, rank)); });
}

ct_ref ct_flip(ct_ref x, int64_t axis) {
  return ct_guarded([&] { return x->value.flip({axis}); });
}

ct_ref ct_select(ct_ref x, int64_t axis, ct_ref indices) {
  return ct_guarded([&] { return x->value.index_select(axis, indices->value); });
}

ct_ref ct_reduce(int op, ct_ref x, const int64_t *axes, int count, bool keeps) {
  return ct_guarded([&]() -> at::Tensor {
    at::IntArrayRef over(axes, count);
    if (op == ct_largest) return count == 0 ? x->value.max() : x->value.amax(over, keeps);
    if (count == 0) return op == ct_mean ? x->value.mean() : x->value.sum();
    return op == ct_mean ? x->value.mean(over, keeps) : x->value.sum(over, keeps);
  });
}

ct_ref ct_cross_entropy_of_first(ct_ref x) {
  return ct_guarded([&] { return -at::log_softmax(x->value, 1).select(1, 0).mean(); });
}

ct_ref ct_orthogonal(ct_ref x) {
  return ct_guarded([&]() -> at::Tensor {
    bool is_wide = x->value.size(0) < x->value.size(1);
    auto [q, r] = at::linalg_qr(is_wide ? x->value.t() : x->value);
    // Signs of the diagonal, so that the factor is spread evenly over all orthogonal ones.
    q = q * r.diagonal().sign();
    return (is_wide ? q.t() : q).contiguous();
  });
}
#endif
