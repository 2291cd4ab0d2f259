package import ArgumentParser
import Foundation
import Synchronization

/// A request to stop, by Ctrl-C or from a scheduler.
package enum Interruption {
  private static let signal = Atomic<Int32>(0)

  /// Turns SIGINT and SIGTERM into requests to remove what is unfinished and end.
  ///
  /// A second signal ends the program at once.
  package static func listen() {
    for number in [SIGINT, SIGTERM] {
      Foundation.signal(number) { received in
        if Interruption.signal.exchange(received, ordering: .relaxed) != 0 { _exit(128 + received) }
      }
    }
    // Some launchers start programs with signals blocked.
    var requests = sigset_t()
    sigemptyset(&requests)
    sigaddset(&requests, SIGINT)
    sigaddset(&requests, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &requests, nil)
    // A reader of standard output that has gone away is no reason to leave half a file.
    Foundation.signal(SIGPIPE, SIG_IGN)
  }

  package static var isRequested: Bool { signal.load(ordering: .relaxed) != 0 }

  /// 130 after SIGINT, 143 after SIGTERM.
  package static var exitCode: ExitCode { ExitCode(128 + signal.load(ordering: .relaxed)) }
}
