// Layouts of pixels, which lcms2 has as macros that Swift does not see, prefix clcms_.
#ifndef CLCMS_SHIM_H
#define CLCMS_SHIM_H

#include <lcms2.h>

// The pixel format of 1 or 3 colors and `extra` more samples, each of 1 or 2 bytes or a float.
static inline cmsUInt32Number clcms_format(int colors, int extra, int bytes, int is_float) {
  return FLOAT_SH(is_float) | COLORSPACE_SH(colors == 1 ? PT_GRAY : PT_RGB) | EXTRA_SH(extra) |
         CHANNELS_SH(colors) | BYTES_SH(bytes);
}

// The description of a profile in English; the number of bytes with the final zero, 0 for none.
static inline cmsUInt32Number clcms_description(
    cmsHPROFILE profile, char *text, cmsUInt32Number size) {
  return cmsGetProfileInfoASCII(profile, cmsInfoDescription, "en", "US", text, size);
}

// Errors reach the caller as return values; lcms2 prints none unless told to.

#endif
