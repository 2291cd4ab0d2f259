// Wrappers around libarchive, prefix carchive_: what it says with macros and the locale.
#ifndef CARCHIVE_SHIM_H
#define CARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdbool.h>
#ifdef __APPLE__
#include <xlocale.h>
#define CARCHIVE_LOCALE "UTF-8"
#else
#define CARCHIVE_LOCALE "C.UTF-8"
#endif

// What an entry is.
enum carchive_kind {
  CARCHIVE_FILE,
  CARCHIVE_FOLDER,
  CARCHIVE_SYMBOLIC_LINK,
  CARCHIVE_HARD_LINK,
  CARCHIVE_SPECIAL,
};

static inline enum carchive_kind carchive_kind(struct archive_entry *entry) {
  if (archive_entry_hardlink(entry)) return CARCHIVE_HARD_LINK;
  if (archive_entry_symlink(entry)) return CARCHIVE_SYMBOLIC_LINK;
  switch (archive_entry_filetype(entry)) {
  case AE_IFREG: return CARCHIVE_FILE;
  case AE_IFDIR: return CARCHIVE_FOLDER;
  case AE_IFLNK: return CARCHIVE_SYMBOLIC_LINK;
  default: return CARCHIVE_SPECIAL;
  }
}

// The next entry, with its name in UTF-8: libarchive gives names in the locale of the thread.
static inline int carchive_next(struct archive *archive, struct archive_entry **entry,
                                const char **name) {
  locale_t names = newlocale(LC_CTYPE_MASK, CARCHIVE_LOCALE, (locale_t)0);
  locale_t before = names ? uselocale(names) : (locale_t)0;
  int result = archive_read_next_header(archive, entry);
  bool has_entry = result == ARCHIVE_OK || result == ARCHIVE_WARN;
  *name = has_entry ? archive_entry_pathname(*entry) : NULL;
  if (names) {
    uselocale(before);
    freelocale(names);
  }
  return result;
}

// Whether a tar archive ended without the mark that ends every one: the rest of it is missing.
static inline bool carchive_lacks_end(struct archive *archive) {
  return (archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR &&
         archive_filter_bytes(archive, 0) == archive_read_header_position(archive);
}

#endif
