// What Base needs of the system and Swift does not see: libcrypto's SHA-256 and an exchange of names.
#ifndef CBASE_SHIM_H
#define CBASE_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __APPLE__
// These calls cannot fail, unlike those that came after them, and have the same speed.
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/sha.h>

typedef SHA256_CTX cbase_sha256;

static inline void cbase_sha256_begin(cbase_sha256 *hash) { SHA256_Init(hash); }

static inline void cbase_sha256_add(cbase_sha256 *hash, const void *bytes, size_t count) {
  SHA256_Update(hash, bytes, count);
}

static inline void cbase_sha256_end(cbase_sha256 *hash, uint8_t digest[32]) {
  SHA256_Final(digest, hash);
}
#endif

// Exchanges two files or folders in one step; 0, or the reason why that cannot be done.
static inline int cbase_exchange(const char *first, const char *second) {
#ifdef __APPLE__
  return renamex_np(first, second, RENAME_SWAP) == 0 ? 0 : errno;
#else
  return syscall(SYS_renameat2, AT_FDCWD, first, AT_FDCWD, second, 2) == 0 ? 0 : errno;
#endif
}

#endif
