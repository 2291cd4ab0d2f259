#ifdef CI_HAS_ITK
#include "Elements.h"
#include <stdexcept>
#include <vector>

namespace {
/// GDCM fills up with zeros what is missing; here it is counted before.
class Pixels {
public:
  explicit Pixels(ci_elements &file)
      : file(file), frames(std::max<int64_t>(1, number("0028|0008"))),
        samples(number("0028|0010") * number("0028|0011")),
        bits(samples * std::max<int64_t>(1, number("0028|0002")) * number("0028|0100")) {}

  void check() {
    if (file.isDeflated) return checkDeflated();
    if (file.pixelStart < 0) throw std::runtime_error("it has no samples, or ends before them");
    if (file.pixelLength == 0xffffffff) return checkFragments();
    const int64_t needed = (bits * frames + 7) / 8, held = file.size - file.pixelStart;
    // Colours may share their hue between two pixels.
    const bool isShared = text("0028|0004").find("422") != std::string::npos;
    const int64_t promised = file.pixelLength;
    if (held < promised) throw short_of(held, std::max(promised, needed));
    if (promised < needed && !isShared) throw short_of(promised, needed);
  }

private:
  ci_elements &file;
  const int64_t frames, samples, bits;

  std::string text(const char *tag) const {
    std::unique_ptr<char, void (*)(void *)> text(ci_find_element(&file, tag), free);
    return text ? text.get() : "";
  }

  int64_t number(const char *tag) const { return atoll(text(tag).c_str()); }

  static std::runtime_error short_of(int64_t held, int64_t needed) {
    return std::runtime_error(
        "its samples end after " + std::to_string(held) + " of " + std::to_string(needed) +
        " bytes; copy it again");
  }

  static std::runtime_error broken(int64_t frame, const std::string &what) {
    return std::runtime_error(
        "the packed samples of frame " + std::to_string(frame) + " " + what + "; copy it again");
  }

  /// The data set follows the file's own header, packed as a whole.
  void checkDeflated() {
    unsigned char start[144];
    file.stream.seekg(0);
    const bool isRead = bool(file.stream.read(reinterpret_cast<char *>(start), sizeof start));
    file.stream.clear();
    const int64_t place = 144 + (start[140] | start[141] << 8 | start[142] << 16);
    if (!isRead || ci_measure_packed(file.path.c_str(), place, file.size - place, INT64_MAX, true) < 0)
      throw std::runtime_error("its compression is broken or ends early; copy it again");
  }

  void checkFragments() {
    const auto syntax = file.reader.GetFile().GetHeader().GetDataSetTransferSyntax();
    const bool isRuns = syntax == gdcm::TransferSyntax::RLELossless;
    int64_t place = file.pixelStart, frame = 0;
    std::vector<unsigned char> fragment, last;
    for (bool isTable = true;; isTable = false) {
      unsigned char head[8];
      if (!read(place, head, 8)) throw std::runtime_error("it ends in its samples; copy it again");
      const uint32_t tag = head[0] | head[1] << 8 | head[2] << 16 | uint32_t(head[3]) << 24;
      const uint32_t length = head[4] | head[5] << 8 | head[6] << 16 | uint32_t(head[7]) << 24;
      place += 8;
      if (tag == 0xe0ddfffe) break;
      if (tag != 0xe000fffe) throw std::runtime_error("its samples are broken; copy it again");
      if (file.size - place < int64_t(length))
        throw std::runtime_error("it ends in its samples; copy it again");
      if (!isTable) {
        fragment.resize(length);
        read(place, fragment.data(), length);
        if (isRuns) {
          checkRuns(fragment, ++frame);
        } else {
          // A frame may be cut into fragments anywhere; one that begins as pictures do is a new one.
          if (frame == 0 || (frames > 1 && startsPicture(fragment))) {
            if (frame > 0) checkEnd(last, frame);
            ++frame;
          }
          last.insert(last.end(), fragment.begin(), fragment.end());
          if (last.size() > 64) last.erase(last.begin(), last.end() - 64);
        }
      }
      place += length;
    }
    if (!isRuns && frame > 0) checkEnd(last, frame);
    if (frame < frames)
      throw std::runtime_error(
          "it holds " + std::to_string(frame) + " of " + std::to_string(frames) +
          " frames; copy it again");
  }

  bool read(int64_t place, unsigned char *target, int64_t count) {
    file.stream.seekg(place);
    const bool isRead = bool(file.stream.read(reinterpret_cast<char *>(target), count));
    file.stream.clear();
    return isRead;
  }

  static bool startsPicture(const std::vector<unsigned char> &bytes) {
    return bytes.size() > 1 && bytes[0] == 0xff && (bytes[1] == 0xd8 || bytes[1] == 0x4f);
  }

  /// JPEG, JPEG-LS and JPEG 2000 end with the same marker; what follows is padding.
  static void checkEnd(const std::vector<unsigned char> &bytes, int64_t frame) {
    size_t end = bytes.size();
    while (end > 0 && bytes[end - 1] == 0) --end;
    if (end < 2 || bytes[end - 1] != 0xd9 || bytes[end - 2] != 0xff)
      throw broken(frame, "end early");
  }

  /// Runs of bytes, a segment for each byte of a sample.
  void checkRuns(const std::vector<unsigned char> &bytes, int64_t frame) const {
    auto field = [&](size_t place) {
      return bytes[place] | bytes[place + 1] << 8 | bytes[place + 2] << 16 |
             uint32_t(bytes[place + 3]) << 24;
    };
    const size_t segments = bytes.size() < 64 ? 0 : field(0);
    if (segments > 15 || int64_t(segments) * samples * 8 < bits) throw broken(frame, "end early");
    for (size_t segment = 0; segment < segments; ++segment) {
      size_t place = field(4 + 4 * segment);
      const size_t next = segment + 1 < segments ? field(8 + 4 * segment) : bytes.size();
      const size_t end = std::min<size_t>(next, bytes.size());
      int64_t count = 0;
      while (count < samples && place < end) {
        const int code = static_cast<signed char>(bytes[place++]);
        if (code == -128) continue;
        const size_t taken = code < 0 ? 1 : size_t(code) + 1;
        if (place + taken > end) break;
        count += code < 0 ? 1 - code : code + 1;
        place += taken;
      }
      if (count < samples) throw broken(frame, "end early");
    }
  }
};
} // namespace

bool ci_check_pixels(ci_elements_ref file, char **error) {
  return ci_guarded(error, false, [&] {
    Pixels(*file).check();
    return true;
  });
}
#endif
