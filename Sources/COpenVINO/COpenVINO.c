#include "COpenVINO.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

typedef copenvino_status (*compile_function)(
    const ov_core *, const ov_model *, const char *, size_t, ov_compiled_model **, ...);
typedef const char *(*message_function)(void);

static const struct {
  const char *name;
  size_t offset;
} functions[] = {
#define FUNCTION(NAME) {"ov_" #NAME, offsetof(copenvino_functions, NAME)}
    FUNCTION(get_openvino_version),
    FUNCTION(version_free),
    FUNCTION(get_error_info),
    FUNCTION(free),
    FUNCTION(core_create),
    FUNCTION(core_free),
    FUNCTION(core_read_model_from_memory_buffer),
    FUNCTION(core_get_property),
    FUNCTION(model_free),
    FUNCTION(model_inputs_size),
    FUNCTION(model_outputs_size),
    FUNCTION(model_const_input_by_index),
    FUNCTION(model_const_output_by_index),
    FUNCTION(model_reshape_by_port_indexes),
    FUNCTION(output_const_port_free),
    FUNCTION(port_get_any_name),
    FUNCTION(port_get_element_type),
    FUNCTION(port_get_partial_shape),
    FUNCTION(partial_shape_create_static),
    FUNCTION(partial_shape_free),
    FUNCTION(compiled_model_free),
    FUNCTION(compiled_model_create_infer_request),
    FUNCTION(infer_request_free),
    FUNCTION(infer_request_infer),
    FUNCTION(infer_request_get_input_tensor_by_index),
    FUNCTION(infer_request_get_output_tensor_by_index),
    FUNCTION(tensor_create),
    FUNCTION(tensor_get_size),
    FUNCTION(tensor_get_byte_size),
    FUNCTION(tensor_data),
    FUNCTION(tensor_free),
#undef FUNCTION
};

// The numbers of element types moved by one in 2026; the size of an element tells which numbers these are.
static int32_t first_element_type(const copenvino_functions *call) {
  int64_t one = 1;
  ov_shape shape = {1, &one};
  ov_tensor *tensor = NULL;
  size_t bytes = 0;
  if (call->tensor_create(4, shape, &tensor) == 0 && tensor) {
    call->tensor_get_byte_size(tensor, &bytes);
    call->tensor_free(tensor);
  }
  return bytes == 4 ? 1 : 2;
}

const copenvino_api *copenvino_load(const char *path, char *error, size_t capacity) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *reason = dlerror();
    snprintf(error, capacity, "%s", reason ? reason : "the loader gave no reason");
    return NULL;
  }
  copenvino_api *api = calloc(1, sizeof *api);
  const char *absent = api ? NULL : "memory";
  for (size_t i = 0; api && !absent && i < sizeof functions / sizeof *functions; i++) {
    void *found = dlsym(library, functions[i].name);
    if (!found) absent = functions[i].name;
    *(void **)((char *)&api->call + functions[i].offset) = found;
  }
  if (!absent) {
    api->core_compile_model = (void (*)(void))dlsym(library, "ov_core_compile_model");
    if (!api->core_compile_model) absent = "ov_core_compile_model";
    api->get_last_err_msg = (void (*)(void))dlsym(library, "ov_get_last_err_msg");
  }
  if (absent) {
    snprintf(error, capacity, "%s: no %s; OpenVINO 2023.1 or later is needed", path, absent);
    free(api);
    dlclose(library);
    return NULL;
  }
  api->first_element_type = first_element_type(&api->call);
  return api;
}

copenvino_status copenvino_compile(
    const copenvino_api *api, const ov_core *core, const ov_model *model, const char *precision,
    const char *threads, const char *streams, ov_compiled_model **compiled) {
  // The count is of keys and values.
  return ((compile_function)api->core_compile_model)(
      core, model, "CPU", 6, compiled, "INFERENCE_PRECISION_HINT", precision,
      "INFERENCE_NUM_THREADS", threads, "NUM_STREAMS", streams);
}

const char *copenvino_last_message(const copenvino_api *api) {
  return api->get_last_err_msg ? ((message_function)api->get_last_err_msg)() : NULL;
}

bool copenvino_processor_has_bf16(void) {
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
  if (d & 1u << 22) return true;
  return a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & 1u << 5);
#else
  return false;
#endif
}
