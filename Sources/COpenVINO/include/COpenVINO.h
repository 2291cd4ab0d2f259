#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The part of OpenVINO's C API that Tessera calls, as a table of functions found at run time: neither its headers nor its
// libraries are needed to build.

#pragma clang assume_nonnull begin

typedef int32_t copenvino_status;  // 0 is success

typedef struct ov_core ov_core;
typedef struct ov_model ov_model;
typedef struct ov_compiled_model ov_compiled_model;
typedef struct ov_infer_request ov_infer_request;
typedef struct ov_tensor ov_tensor;
typedef struct ov_output_const_port ov_output_const_port;

typedef struct {
  int64_t rank;
  int64_t *_Nullable dims;
} ov_shape;

typedef struct {
  int64_t min, max;
} ov_dimension;

typedef struct {
  ov_dimension rank;
  ov_dimension *_Nullable dims;
} ov_partial_shape;

typedef struct {
  const char *_Nullable buildNumber;
  const char *_Nullable description;
} ov_version;

/// Functions that are not variadic, under OpenVINO's names without `ov_`.
typedef struct {
  copenvino_status (*get_openvino_version)(ov_version *);
  void (*version_free)(ov_version *);
  const char *_Nullable (*_Nonnull get_error_info)(copenvino_status);
  void (*free)(const char *_Nullable);
  copenvino_status (*core_create)(ov_core *_Nullable *_Nonnull);
  void (*core_free)(ov_core *_Nullable);
  copenvino_status (*core_read_model_from_memory_buffer)(
      const ov_core *, const char *, size_t, const ov_tensor *_Nullable,
      ov_model *_Nullable *_Nonnull);
  copenvino_status (*core_get_property)(
      const ov_core *, const char *, const char *, char *_Nullable *_Nonnull);
  void (*model_free)(ov_model *_Nullable);
  copenvino_status (*model_inputs_size)(const ov_model *, size_t *);
  copenvino_status (*model_outputs_size)(const ov_model *, size_t *);
  copenvino_status (*model_const_input_by_index)(
      const ov_model *, size_t, ov_output_const_port *_Nullable *_Nonnull);
  copenvino_status (*model_const_output_by_index)(
      const ov_model *, size_t, ov_output_const_port *_Nullable *_Nonnull);
  copenvino_status (*model_reshape_by_port_indexes)(
      const ov_model *, const size_t *, const ov_partial_shape *, size_t);
  void (*output_const_port_free)(ov_output_const_port *_Nullable);
  copenvino_status (*port_get_any_name)(
      const ov_output_const_port *, char *_Nullable *_Nonnull);
  copenvino_status (*port_get_element_type)(const ov_output_const_port *, int32_t *);
  copenvino_status (*port_get_partial_shape)(const ov_output_const_port *, ov_partial_shape *);
  copenvino_status (*partial_shape_create_static)(int64_t, const int64_t *, ov_partial_shape *);
  void (*partial_shape_free)(ov_partial_shape *);
  void (*compiled_model_free)(ov_compiled_model *_Nullable);
  copenvino_status (*compiled_model_create_infer_request)(
      const ov_compiled_model *, ov_infer_request *_Nullable *_Nonnull);
  void (*infer_request_free)(ov_infer_request *_Nullable);
  copenvino_status (*infer_request_infer)(ov_infer_request *);
  copenvino_status (*infer_request_get_input_tensor_by_index)(
      const ov_infer_request *, size_t, ov_tensor *_Nullable *_Nonnull);
  copenvino_status (*infer_request_get_output_tensor_by_index)(
      const ov_infer_request *, size_t, ov_tensor *_Nullable *_Nonnull);
  copenvino_status (*tensor_create)(int32_t, ov_shape, ov_tensor *_Nullable *_Nonnull);
  copenvino_status (*tensor_get_size)(const ov_tensor *, size_t *);
  copenvino_status (*tensor_get_byte_size)(const ov_tensor *, size_t *);
  copenvino_status (*tensor_data)(const ov_tensor *, void *_Nullable *_Nonnull);
  void (*tensor_free)(ov_tensor *_Nullable);
} copenvino_functions;

typedef struct {
  copenvino_functions call;
  /// The number of the first element type after "dynamic": 1, or 2 before 2026 ("undefined" came first).
  int32_t first_element_type;
  void (*core_compile_model)(void);              // variadic, see copenvino_compile
  void (*_Nullable get_last_err_msg)(void);      // absent before 2023.1
} copenvino_api;

/// Loads the library at `path` for the rest of the process; null, and the reason in `error`, where that fails.
const copenvino_api *_Nullable copenvino_load(const char *path, char *error, size_t capacity);

/// ov_core_compile_model, which is variadic, for the processor.
copenvino_status copenvino_compile(
    const copenvino_api *api, const ov_core *core, const ov_model *model, const char *precision,
    const char *threads, const char *streams, ov_compiled_model *_Nullable *_Nonnull compiled);

/// What OpenVINO said last, to be freed with `call.free`; null where it says nothing.
const char *_Nullable copenvino_last_message(const copenvino_api *api);

/// Whether the processor multiplies bf16 by itself (AVX512-BF16 or AMX), without emulation.
bool copenvino_processor_has_bf16(void);

#pragma clang assume_nonnull end
