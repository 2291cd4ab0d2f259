#pragma once

#include <iostream>
#include <streambuf>
#include <string>

/// Keeps what a library says on std::cerr while this thread waits for it, and lets all else through.
///
/// MetaIO fills in what it does not find, and says so there and nowhere else.
class ci_listener : public std::streambuf {
public:
  explicit ci_listener(std::streambuf *other) : other(other) {}

  /// What is said on this thread is kept here; null where nobody listens.
  static inline thread_local std::string *heard = nullptr;

protected:
  std::streamsize xsputn(const char *text, std::streamsize count) override {
    if (!heard) return other->sputn(text, count);
    heard->append(text, size_t(count));
    return count;
  }

  int overflow(int letter) override {
    if (letter == EOF) return 0;
    const char text = char(letter);
    return xsputn(&text, 1) == 1 ? letter : EOF;
  }

  int sync() override { return heard ? 0 : other->pubsync(); }

private:
  std::streambuf *other;
};

/// Listens as long as it lives.
class ci_listening {
public:
  ci_listening() {
    // Never removed: others may hold std::cerr's buffer until the program ends.
    static auto *listener = new ci_listener(std::cerr.rdbuf());
    static auto *before = std::cerr.rdbuf(listener);
    (void)before;
    ci_listener::heard = &said;
  }
  ~ci_listening() { ci_listener::heard = nullptr; }

  /// The first line that was said, or nothing.
  std::string line() const { return said.substr(0, said.find('\n')); }

private:
  std::string said;
};
