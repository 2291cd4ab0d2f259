// A flat C interface to libtorch: what training needs, and no more.
//
// No function throws. The first failure of a thread is kept until ct_take_error; the function that
// failed and those that read its result give an undefined tensor, so that a step can be written down
// without a check behind every operation.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

typedef struct ct_tensor *ct_ref;

// Context

/// The message of this thread's first failure since the last call, or null; free with ct_free_text.
char *_Nullable ct_take_error(void);
void ct_free_text(char *_Nullable text);
const char *ct_version(void);
bool ct_has_cuda(void);
void ct_set_threads(int threads);
/// Whether the convolutions of this process run on oneDNN, or on libtorch's own kernels.
void ct_use_onednn(bool enabled);
/// Restarts the generator that dropout draws from.
void ct_seed(uint64_t seed);
/// Convolutions and products of this thread in bf16 from now on, or no longer.
void ct_set_autocast(bool enabled, bool cuda);
/// Whether this thread's operations are recorded for gradients; returns what was so before.
bool ct_set_gradients(bool enabled);

// Tensors

enum { ct_float32 = 0, ct_int64 = 1 };

ct_ref ct_make(const void *data, int type, const int64_t *shape, int rank, bool cuda);
ct_ref ct_filled(double value, const int64_t *shape, int rank, bool cuda);
void ct_free(ct_ref x);
bool ct_is_defined(ct_ref x);
int ct_rank(ct_ref x);
int64_t ct_size(ct_ref x, int axis);
/// Copies all elements as f32, last axis fastest; zeros of an undefined tensor.
void ct_copy_out(ct_ref x, float *target, int64_t count);
/// Overwrites the elements, unseen by gradients.
void ct_copy_in(ct_ref x, const float *source, int64_t count);
/// The only element; NaN of an undefined tensor.
double ct_item(ct_ref x);
ct_ref ct_detach(ct_ref x);
ct_ref ct_copy(ct_ref x);
ct_ref ct_to_float(ct_ref x);
ct_ref ct_to_channels_last(ct_ref x);

// Gradients

void ct_set_requires_gradient(ct_ref x, bool required);
void ct_backward(ct_ref x);
/// The gradient that backward passes have gathered; undefined where there is none.
ct_ref ct_gathered_gradient(ct_ref x);
void ct_clear_gradient(ct_ref x);
/// d sum(y) / dx, itself open to gradients.
ct_ref ct_gradient(ct_ref y, ct_ref x);
/// Adam (Kingma and Ba), step counted from 1; without a gathered gradient nothing happens.
void ct_adam(
    ct_ref parameter, ct_ref mean, ct_ref square, double rate, double beta1, double beta2,
    double epsilon, int64_t step);
/// x + share (y - x), in place.
void ct_approach(ct_ref x, ct_ref y, double share);

// Elementwise

enum ct_unary_operator {
  ct_relu, ct_tanh, ct_sigmoid, ct_softplus, ct_exp, ct_log, ct_sqrt, ct_abs, ct_negate, ct_erf,
  ct_square, ct_floor, ct_reciprocal
};
ct_ref ct_unary(int op, ct_ref x);
ct_ref ct_leaky_relu(ct_ref x, double slope);
ct_ref ct_elu(ct_ref x, double alpha);
ct_ref ct_clamp(ct_ref x, double low, double high);
ct_ref ct_affine(ct_ref x, double factor, double term);
ct_ref ct_dropout(ct_ref x, double probability);

enum ct_binary_operator { ct_add, ct_subtract, ct_multiply, ct_divide, ct_power, ct_maximum, ct_minimum };
ct_ref ct_binary(int op, ct_ref a, ct_ref b);

// Layers, NCHW

ct_ref ct_convolution(
    ct_ref x, ct_ref weight, ct_ref _Nullable bias, const int64_t *stride, const int64_t *padding,
    const int64_t *dilation, int64_t groups);
ct_ref ct_transposed_convolution(
    ct_ref x, ct_ref weight, ct_ref _Nullable bias, const int64_t *stride, const int64_t *padding,
    const int64_t *output_padding, const int64_t *dilation, int64_t groups);
enum ct_border { ct_constant, ct_reflect, ct_edge };
/// Grows the last two axes by left, right, top, bottom.
ct_ref ct_pad(ct_ref x, const int64_t *sides, int border, double value);
ct_ref ct_instance_norm(ct_ref x, ct_ref _Nullable scale, ct_ref _Nullable shift, double epsilon);
/// In training the statistics of the batch are used, and mean and variance move towards them.
ct_ref ct_batch_norm(
    ct_ref x, ct_ref _Nullable scale, ct_ref _Nullable shift, ct_ref mean, ct_ref variance,
    bool training, double momentum, double epsilon);
/// weight / (u' W v); an iteration first improves u and v.
ct_ref ct_spectral(ct_ref weight, ct_ref u, ct_ref v, bool iterates);
ct_ref ct_average_pool(
    ct_ref x, const int64_t *kernel, const int64_t *stride, const int64_t *padding, bool ceiling,
    bool counts_padding);
ct_ref ct_max_pool(
    ct_ref x, const int64_t *kernel, const int64_t *stride, const int64_t *padding, bool ceiling);
ct_ref ct_resize_nearest(ct_ref x, int64_t height, int64_t width);
ct_ref ct_resize_bilinear(ct_ref x, int64_t height, int64_t width, bool aligns_corners);
ct_ref ct_product(ct_ref a, ct_ref b);
ct_ref ct_softmax(ct_ref x, int64_t axis);

// Shapes

ct_ref ct_concatenate(const ct_ref *tensors, int count, int64_t axis);
ct_ref ct_slice(ct_ref x, int64_t axis, int64_t start, int64_t end, int64_t step);
ct_ref ct_reshape(ct_ref x, const int64_t *shape, int rank);
ct_ref ct_permute(ct_ref x, const int64_t *axes, int rank);
ct_ref ct_flip(ct_ref x, int64_t axis);
ct_ref ct_select(ct_ref x, int64_t axis, ct_ref indices);

/// The orthogonal factor of a matrix, rows orthogonal where there are fewer rows than columns.
ct_ref ct_orthogonal(ct_ref x);

// Reductions

enum ct_reduction { ct_mean, ct_sum, ct_largest };
/// Over the axes, or over all of them where there are none.
ct_ref ct_reduce(int op, ct_ref x, const int64_t *axes, int count, bool keeps);
/// Mean of -log softmax(x)[0] over rows.
ct_ref ct_cross_entropy_of_first(ct_ref x);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif
