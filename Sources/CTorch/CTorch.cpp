#include "CTorch.h"
#include <torch/torch.h>
