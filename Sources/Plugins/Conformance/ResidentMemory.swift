import CProcess
import Foundation

/// Memory that processes hold, and which processes descend from which.
enum ResidentMemory {
  /// Bytes that this process holds in memory; nil where the system does not tell.
  ///
  /// What the allocator keeps of freed memory is given back first: a leak would fill it unseen.
  static var own: Int? {
    cprocess_trim()
    return bytes("self")
  }

  /// Bytes that all programs which this process has started hold; nil where the system does not tell.
  static var ofPrograms: Int? {
    #if os(Linux)
      let programs = descendants(of: getpid())
      return programs.isEmpty ? nil : programs.compactMap { bytes("\($0)") }.reduce(0, +)
    #else
      return nil
    #endif
  }

  /// The processes that `process` has started, and those that they have.
  static func descendants(of process: Int32) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    var children: [Int32: [Int32]] = [:]
    for case let id? in names.map({ Int32($0) }) {
      // "ID (NAME) STATE PARENT …": a name may hold anything.
      guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
        let end = text.lastIndex(of: ")")
      else { continue }
      let fields = text[text.index(after: end)...].split(separator: " ")
      guard fields.count > 1, let parent = Int32(fields[1]) else { continue }
      children[parent, default: []].append(id)
    }
    var found: [Int32] = []
    var waiting = children[process] ?? []
    while let next = waiting.popLast() {
      found.append(next)
      waiting += children[next] ?? []
    }
    return found
  }

  private static func bytes(_ process: String) -> Int? {
    #if os(Linux)
      guard let text = try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8)
      else { return nil }
      let fields = text.split(separator: " ")
      guard fields.count > 1 else { return nil }
      return Int(fields[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
    #else
      var info = mach_task_basic_info()
      var count = mach_msg_type_number_t(
        MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size)
      let result = withUnsafeMutablePointer(to: &info) {
        $0.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
          task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), $0, &count)
        }
      }
      return process == "self" && result == KERN_SUCCESS ? Int(info.resident_size) : nil
    #endif
  }
}
