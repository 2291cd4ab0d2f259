#pragma once

#if !__has_include(<itkImage.h>)
#error "there is no ITK 5: run 'make setup', name its folder in TESSERA_ITK, or build without the trait Volumes"
#endif

// Debian's itk_compiler_detection.h refuses every compiler but GCC; these are what it would define.
#define ITK_COMPILER_DETECTION_H
#define ITK_NOEXCEPT noexcept
#define ITK_NOEXCEPT_EXPR(X) noexcept(X)
#define ITK_CONSTEXPR constexpr
#define ITK_COMPILER_CXX_STATIC_ASSERT 1
#define ITK_COMPILER_CXX_CONSTEXPR 1
#define ITK_ALIGNAS(X) alignas(X)
#define ITK_ALIGNOF(X) alignof(X)
#define ITK_STATIC_ASSERT(X) static_assert(X, #X)
#define ITK_STATIC_ASSERT_MSG(X, M) static_assert(X, M)
