import Foundation

/// Memory of this process.
public enum ProcessMemory {
  /// The most physical memory that was ever in use, in MB (10^6 bytes).
  public static var peakMegabytes: Double {
    #if os(macOS)
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss) / 1e6
    #else
      // Not getrusage: its figure is inherited from the process that started this one.
      guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
        let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first
          .flatMap({ Double($0) })
      else { return 0 }
      return kibibytes * 1024 / 1e6
    #endif
  }
}
